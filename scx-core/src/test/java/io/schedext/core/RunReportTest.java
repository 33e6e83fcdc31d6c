// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunReportTest {

    private static final ExitInfo EXIT =
            new ExitInfo(ExitKind.UNREGISTERED, 0, "unregistered from user space", "", "", false);

    @Test
    void tellsPeopleInAFewLines() {
        long[] buckets = new long[256];
        buckets[40] = 3; // 1,024 to 1,279 ns
        buckets[80] = 1; // 1,048,576 to 1,310,719 ns
        RunReport report =
                new RunReport(
                        EXIT,
                        new Statistics(
                                2,
                                0,
                                0,
                                0,
                                70,
                                20,
                                1,
                                10,
                                0,
                                0,
                                3,
                                4,
                                new LoopHealth(1, 2, 3, 4, 5_600_000)),
                        new TaskLedger(88, 70, 10, 4, 1, 0, 2, 1),
                        new DecisionLedger(83, 82, 70, 10, 1, 1, 0),
                        new LatencyHistogram(buckets),
                        new Silence(1, 2, 3, 4, 9, 12_300_000));
        assertThat(report.toString().lines())
                .containsExactly(
                        "ended: UNREGISTERED: unregistered from user space",
                        "dispatched: 100 tasks, 80 of them by the policy (80.0 %), 20 by the kernel side",
                        "latency from enqueue to dispatch: median 1.3 us, 99 % 1310.7 us, longest 1310.7 us",
                        "tasks: opened=88 user=70 bounced=10 silence=4 overdue=1 kernel=0 requeued=2 left=1 held=0",
                        "decisions: submitted=83 drained=82 user=70 bounced=10 stale=1 gone=1 refused=0"
                                + " in ring=1",
                        "silent: blocked=1 stalled=2 starved=3 damaged=4, 9 ended after 12.3 ms in all",
                        "loop: faults=1/2 allocated=3 classes=4 pause=5.6ms");
    }

    @Test
    void aRunThatEndedEarlyHasAReportToo() {
        RunReport report =
                new RunReport(
                        new ExitInfo(ExitKind.NONE, 0, "", "", "", false),
                        new Statistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, LoopHealth.NONE),
                        new TaskLedger(0, 0, 0, 0, 0, 0, 0, 0),
                        new DecisionLedger(0, 0, 0, 0, 0, 0, 0),
                        new LatencyHistogram(new long[256]),
                        new Silence(0, 0, 0, 0, 0, 0));
        assertThat(report.toString())
                .startsWith("ended: before it was attached\n")
                .contains("dispatched: 0 tasks, 0 of them by the policy (0.0 %)")
                .contains("median 0.0 us");
    }
}
