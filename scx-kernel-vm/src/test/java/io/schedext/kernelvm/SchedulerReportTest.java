// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerReportTest {
    private static final String TASKS =
            "tasks: opened=45 user=20 bounced=10 silence=5 overdue=4 kernel=3 requeued=2 left=1 held=0";
    private static final String DECISIONS =
            "decisions: submitted=42 drained=40 user=20 bounced=10 stale=5 gone=4 refused=1 in ring=2";

    private static SchedulerReport report(int status, String... lines) {
        return SchedulerReport.of(status, List.of(lines));
    }

    @Test
    void readsTheLedgersByTheirNames() {
        SchedulerReport report =
                report(
                        0,
                        "running=1 queued=0",
                        "ended: UNREGISTERED",
                        TASKS,
                        DECISIONS,
                        "silent: blocked=1 stalled=0 starved=2 damaged=0, 3 ended after 1.5 ms in all");
        assertThat(report.ended()).isEqualTo("UNREGISTERED");
        assertThat(report.tasks()).containsEntry("opened", 45L).containsEntry("held", 0L);
        assertThat(report.decisions()).containsEntry("in ring", 2L);
        assertThat(report.silence()).containsEntry("blocked", 1L).containsEntry("starved", 2L);
        assertThat(report.requireBalanced()).isSameAs(report);
    }

    @Test
    void aTaskThatNobodyCountedIsTold() {
        assertThatThrownBy(() ->
                        report(0, TASKS.replace("left=1 held=0", "left=0 held=1"), DECISIONS)
                                .requireBalanced())
                .isInstanceOf(GuestException.class)
                .hasMessageContaining("tasks opened 45, accounted for 44");
    }

    @Test
    void aDecisionThatNobodyCountedIsTold() {
        assertThatThrownBy(() ->
                        report(0, TASKS, DECISIONS.replace("stale=5", "stale=6")).requireBalanced())
                .hasMessageContaining("decisions drained 40, accounted for 41");
        assertThatThrownBy(() ->
                        report(0, TASKS, DECISIONS.replace("ring=2", "ring=1")).requireBalanced())
                .hasMessageContaining("decisions submitted 42, accounted for 41");
    }

    @Test
    void noLedgersOrABadEndDoNotAddUp() {
        assertThatThrownBy(() -> report(0, "bye").requireBalanced())
                .hasMessageContaining("it printed no ledgers")
                .hasMessageContaining("bye");
        assertThatThrownBy(() -> report(16, TASKS, DECISIONS).requireBalanced())
                .hasMessageContaining("its exit status is 16");
    }
}
