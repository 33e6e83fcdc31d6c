// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import io.schedext.it.cli.SchedulerProcess;
import io.schedext.kernelvm.SchedulerReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// What a scheduler printed: statistics, one line each, and the report at its end.
///
/// @param statistics the lines before the report
/// @param ended why it ended
/// @param tasks the ledger of tasks, by the names in it
/// @param decisions the ledger of decisions
/// @param silence how often the loop fell silent, by cause
public record Report(
        List<String> statistics,
        String ended,
        Map<String, Long> tasks,
        Map<String, Long> decisions,
        Map<String, Long> silence) {

    public static Report of(List<String> output) {
        SchedulerReport report = SchedulerReport.of(0, output);
        return new Report(
                output.stream().filter(line -> line.startsWith("running=")).toList(),
                report.ended().isEmpty() ? "nothing told why" : report.ended(),
                report.tasks(),
                report.decisions(),
                report.silence());
    }

    /// Ends one by SIGTERM, in good order.
    ///
    /// @return what it has printed
    public static Report afterTerm(SchedulerProcess scheduler)
            throws IOException, InterruptedException {
        scheduler.signal("TERM");
        assertThat(scheduler.await()).isEqualTo(ExitStatus.OK.code());
        Report report = of(scheduler.out());
        assertThat(report.ended).startsWith("UNREGISTERED");
        return report;
    }

    /// The number after a name in a line of statistics.
    public static long number(String line, String name) {
        return SchedulerReport.numbers(line).get(name);
    }

    /// Asserts that both ledgers are exact.
    public void assertExact() {
        assertThat(tasks).containsEntry("held", 0L);
        assertThat(tasks.get("opened"))
                .isPositive()
                .isEqualTo(
                        tasks.get("user")
                                + tasks.get("bounced")
                                + tasks.get("silence")
                                + tasks.get("overdue")
                                + tasks.get("kernel")
                                + tasks.get("requeued")
                                + tasks.get("left"));
        assertThat(decisions.get("drained"))
                .isPositive()
                .isEqualTo(
                        decisions.get("user")
                                + decisions.get("bounced")
                                + decisions.get("stale")
                                + decisions.get("gone")
                                + decisions.get("refused"));
        assertThat(decisions.get("submitted"))
                .isEqualTo(decisions.get("drained") + decisions.get("in ring"));
    }
}
