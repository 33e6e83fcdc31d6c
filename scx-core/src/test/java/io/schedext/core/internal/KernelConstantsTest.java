// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.schedext.core.ExitKind;
import io.schedext.core.ExitStatus;
import io.schedext.core.SchedulerException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The numbers here are not the kernel's: nothing may depend on them but through its BTF.
class KernelConstantsTest {

    private static final long RESTART = 1L << 48;

    private static EnumBtf kernel(Map<String, Long> flags) {
        return new EnumBtf()
                .add("scx_ops_flags", flags)
                .add("scx_exit_code", Map.of("SCX_ECODE_ACT_RESTART", RESTART))
                .add(
                        "scx_exit_kind",
                        Map.of(
                                "SCX_EXIT_NONE", 0L,
                                "SCX_EXIT_UNREG", 7L,
                                "SCX_EXIT_UNREG_BPF", 8L,
                                "SCX_EXIT_UNREG_KERN", 9L,
                                "SCX_EXIT_SYSRQ", 10L,
                                "SCX_EXIT_ERROR", 107L,
                                "SCX_EXIT_ERROR_BPF", 108L,
                                "SCX_EXIT_ERROR_STALL", 109L,
                                "SCX_EXIT_OF_THE_FUTURE", 110L));
    }

    private static KernelConstants constants(Map<String, Long> flags) {
        return KernelConstants.of(kernel(flags).build());
    }

    @Test
    void readsWhatTheKernelSays() {
        KernelConstants constants =
                constants(
                        Map.of(
                                "SCX_OPS_SWITCH_PARTIAL", 1L << 3,
                                "SCX_OPS_ENQ_LAST", 1L << 1,
                                "SCX_OPS_ALLOW_QUEUED_WAKEUP", 1L << 5,
                                "SCX_OPS_BUILTIN_IDLE_PER_NODE", 1L << 40));
        assertThat(constants.switchPartial()).isEqualTo(1L << 3);
        assertThat(constants.enqLast()).isEqualTo(1L << 1);
        assertThat(constants.allowQueuedWakeup()).isEqualTo(1L << 5);
        assertThat(constants.builtinIdlePerNode()).isEqualTo(1L << 40);
        assertThat(constants.actRestart()).isEqualTo(RESTART);
    }

    @Test
    void whatAnOlderKernelLacksIsZero() {
        KernelConstants constants =
                constants(Map.of("SCX_OPS_SWITCH_PARTIAL", 8L, "SCX_OPS_ENQ_LAST", 2L));
        assertThat(constants.allowQueuedWakeup()).isZero();
        assertThat(constants.builtinIdlePerNode()).isZero();
    }

    @Test
    void exitKindsFollowTheirNames() {
        KernelConstants constants =
                constants(Map.of("SCX_OPS_SWITCH_PARTIAL", 8L, "SCX_OPS_ENQ_LAST", 2L));
        assertThat(constants.exitKind(0)).isEqualTo(ExitKind.NONE);
        assertThat(constants.exitKind(7)).isEqualTo(ExitKind.UNREGISTERED);
        assertThat(constants.exitKind(8)).isEqualTo(ExitKind.UNREGISTERED_BY_BPF);
        assertThat(constants.exitKind(9)).isEqualTo(ExitKind.UNREGISTERED_BY_KERNEL);
        assertThat(constants.exitKind(10)).isEqualTo(ExitKind.SYSRQ);
        assertThat(constants.exitKind(107)).isEqualTo(ExitKind.ERROR);
        assertThat(constants.exitKind(108)).isEqualTo(ExitKind.ERROR_BPF);
        assertThat(constants.exitKind(109)).isEqualTo(ExitKind.STALL);
        assertThat(constants.exitKind(110)).isEqualTo(ExitKind.UNKNOWN);
        assertThat(constants.exitKind(64)).isEqualTo(ExitKind.UNKNOWN);
    }

    @Test
    void aKernelWithoutWhatIsNeededIsRefused() {
        SchedulerException e =
                catchThrowableOfType(
                        SchedulerException.class,
                        () -> constants(Map.of("SCX_OPS_SWITCH_PARTIAL", 8L)));
        assertThat(e.status()).isEqualTo(ExitStatus.NO_SCHED_EXT);
        assertThat(e)
                .hasMessage(
                        "This kernel's sched_ext has no SCX_OPS_ENQ_LAST: boot Linux 6.12 or newer.");
    }
}
