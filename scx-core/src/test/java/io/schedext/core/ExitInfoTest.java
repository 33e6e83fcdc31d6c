// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExitInfoTest {

    private static ExitInfo of(String reason, String message) {
        return new ExitInfo(ExitKind.STALL, 0, reason, message, "a long dump", false);
    }

    @Test
    void tellsKindReasonAndMessageWithoutTheDump() {
        assertThat(of("runnable task stall", "sh[7] failed to run for 5.2s"))
                .hasToString("STALL: runnable task stall (sh[7] failed to run for 5.2s)");
    }

    @Test
    void leavesOutWhatTheKernelDidNotSay() {
        assertThat(of("", "")).hasToString("STALL");
        assertThat(of("a reason", "")).hasToString("STALL: a reason");
        assertThat(of("", "a message")).hasToString("STALL (a message)");
    }

    @Test
    void anEvictionIsWhatNobodyOnThisSideAskedFor() {
        assertThat(Arrays.stream(ExitKind.values()).filter(ExitKind::isEviction))
                .containsExactly(
                        ExitKind.SYSRQ,
                        ExitKind.ERROR,
                        ExitKind.ERROR_BPF,
                        ExitKind.STALL,
                        ExitKind.UNKNOWN);
    }

    @Test
    void exitStatusesAreToldApartAndNotMistakenForSignals() {
        assertThat(ExitStatus.values())
                .extracting(ExitStatus::code)
                .doesNotHaveDuplicates()
                .allMatch(code -> code >= 0 && code <= 125);
        assertThat(ExitStatus.OK.code()).isZero();
    }
}
