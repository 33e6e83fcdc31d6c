// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.schedext.bpf.Btf;
import io.schedext.core.ExitStatus;
import io.schedext.core.SchedulerException;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.SchedExt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// What an older kernel cannot do is refused in a sentence where it was asked for, and else done in
/// another way. The series is what decides what it has to be able to do: a kernel that has lost
/// something is noticed.
class FallbackTest {
    private static final int PER_NODE_SINCE = 615;
    private static final int SELECT_CPU_AND_SINCE = 616;
    private static final int NEW_NAMES_SINCE = 613;

    /// Debian's builds of it lack marks of functions, `scx_bpf_kick_cpu` among them: no scheduler
    /// that wakes a CPU can be loaded there.
    private static final int DESCRIBED_WRONGLY = 702;

    private final Btf kernel = Btf.ofKernel();
    private final int series = series(System.getProperty("scx.kernel"));

    @Test
    @Tag("conformance")
    @Timeout(60)
    void whatCannotBeDoneIsRefusedInASentence() throws Exception {
        SchedulerOptions options = Attach.partial().name("per_node").numaLocal(true).build();
        if (series == DESCRIBED_WRONGLY) {
            SchedulerException refused = refused(options);
            assertThat(refused.status()).isEqualTo(ExitStatus.NO_BTF);
            assertThat(refused)
                    .hasMessageContaining("describes its function scx_bpf_kick_cpu wrongly");
        } else if (series >= PER_NODE_SINCE) {
            try (var scheduler = new AttachedScheduler(options, kernelSide -> 0)) {
                assertThat(SchedExt.state()).isEqualTo("enabled");
                assertThat(scheduler.exited()).isFalse();
            }
        } else {
            SchedulerException refused = refused(options);
            assertThat(refused.status()).isEqualTo(ExitStatus.NO_SCHED_EXT);
            assertThat(refused)
                    .hasMessageContaining("leave the option out, or boot Linux 6.15 or newer");
        }
        assertThat(SchedExt.state()).isEqualTo("disabled");
    }

    @Test
    @Tag("conformance")
    void theKernelHasWhatItsSeriesIsKnownFor(TestReporter reporter) {
        reporter.publishEntry("arguments in structs", has("__scx_bpf_dsq_insert_vtime") + "");
        assertThat(has("scx_bpf_dsq_insert"))
                .as("names of 6.13")
                .isEqualTo(series >= NEW_NAMES_SINCE);
        assertThat(has("scx_bpf_pick_idle_cpu_node"))
                .as("idle CPUs per node")
                .isEqualTo(series >= PER_NODE_SINCE);
        assertThat(has("scx_bpf_select_cpu_and"))
                .as("scx_bpf_select_cpu_and")
                .isEqualTo(series >= SELECT_CPU_AND_SINCE);
    }

    private static SchedulerException refused(SchedulerOptions options) {
        return catchThrowableOfType(
                SchedulerException.class,
                () -> new AttachedScheduler(options, kernelSide -> 0).close());
    }

    private boolean has(String function) {
        return kernel.hasFunction(function);
    }

    /// `6.18` as 618, `7.3` as 703.
    private static int series(String version) {
        String[] numbers = version.split("\\.");
        return Integer.parseInt(numbers[0]) * 100 + Integer.parseInt(numbers[1]);
    }
}
