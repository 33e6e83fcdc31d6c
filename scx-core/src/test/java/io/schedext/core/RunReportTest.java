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
                        new Statistics(2, 0, 0, 0, 70, 20, 1, 10, 0, 0),
                        new TaskLedger(84, 70, 10, 1, 0, 2, 1),
                        new DecisionLedger(83, 82, 70, 10, 1, 1, 0),
                        new LatencyHistogram(buckets));
        assertThat(report.toString().lines())
                .containsExactly(
                        "ended: UNREGISTERED: unregistered from user space",
                        "dispatched: 100 tasks, 80 of them by the policy (80.0 %), 20 by the kernel side",
                        "latency from enqueue to dispatch: median 1.3 us, 99 % 1310.7 us, longest 1310.7 us",
                        "tasks: opened=84 user=70 bounced=10 overdue=1 kernel=0 requeued=2 left=1 held=0",
                        "decisions: submitted=83 drained=82 user=70 bounced=10 stale=1 gone=1 refused=0"
                                + " in ring=1");
    }

    @Test
    void aRunThatEndedEarlyHasAReportToo() {
        RunReport report =
                new RunReport(
                        new ExitInfo(ExitKind.NONE, 0, "", "", "", false),
                        new Statistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                        new TaskLedger(0, 0, 0, 0, 0, 0, 0),
                        new DecisionLedger(0, 0, 0, 0, 0, 0, 0),
                        new LatencyHistogram(new long[256]));
        assertThat(report.toString())
                .startsWith("ended: before it was attached\n")
                .contains("dispatched: 0 tasks, 0 of them by the policy (0.0 %)")
                .contains("median 0.0 us");
    }
}
