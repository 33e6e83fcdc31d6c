// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelLogRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[    9.1] WARNING: CPU: 1 PID: 99 at kernel/sched/ext.c:2171 dispatch_to_local_dsq+0x1/0x2",
                "[    9.1] BUG: kernel NULL pointer dereference, address: 0000000000000008",
                "[    9.1] kernel BUG at kernel/sched/core.c:1!",
                "[    9.1] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
                "[    9.1] watchdog: BUG: soft lockup - CPU#2 stuck for 26s! [java:99]",
                "[    9.1] INFO: task java:99 blocked for more than 120 seconds.",
                "[    9.1] sched: RT throttling activated",
                "[    9.1] sched: DL replenish lagged too much",
                "[    9.1] sched_ext: BPF scheduler \"rlfifo\" disabled (runnable task stall)",
                "[    9.1] sched_ext: BPF scheduler \"rlfifo\" disabled (runtime error)",
                "[    9.1] Oops: general protection fault, probably for non-canonical address: 0000 [#1] SMP NOPTI"
            })
    void complaintsAreFound(String line) {
        assertThat(KernelLogRules.violations(List.of("fine", line), List.of()))
                .containsExactly(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[    9.1] sched_ext: BPF scheduler \"rlfifo\" enabled",
                "[    9.1] sched_ext: BPF scheduler \"rlfifo\" disabled (unregistered from user space)",
                "[    9.1] smpboot: CPU 3 is now offline",
                "[    9.1] scx-test: begin installsItself()",
                "[    9.1] clocksource: Switched to clocksource tsc"
            })
    void everydayLinesAreNot(String line) {
        assertThat(KernelLogRules.violations(List.of(line), List.of())).isEmpty();
    }

    @Test
    void aTestMayAllowWhatItCauses() {
        List<String> log =
                List.of(
                        "sched_ext: BPF scheduler \"x\" disabled (runnable task stall)",
                        "WARNING: CPU: 0 PID: 1 at a.c:1");
        assertThat(KernelLogRules.violations(log, List.of("runnable task stall")))
                .containsExactly(log.get(1));
    }

    @Test
    void recordsOfTheDeviceAreShownAsDmesgShowsThem() {
        assertThat(KernelLog.format("6,389,21637322,-;scx-test: begin; x"))
                .isEqualTo("[   21.637322] scx-test: begin; x");
        assertThat(KernelLog.format("no record")).isEqualTo("no record");
    }
}
