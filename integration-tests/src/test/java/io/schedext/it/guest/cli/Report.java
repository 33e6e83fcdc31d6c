// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import io.schedext.it.cli.SchedulerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern NUMBER = Pattern.compile("([a-z ]+)=(\\d+)");

    public static Report of(List<String> output) {
        List<String> statistics = new ArrayList<>();
        String ended = "nothing told why";
        Map<String, Long> tasks = Map.of();
        Map<String, Long> decisions = Map.of();
        Map<String, Long> silence = Map.of();
        for (String line : output) {
            if (line.startsWith("running=")) {
                statistics.add(line);
            } else if (line.startsWith("ended: ")) {
                ended = line.substring("ended: ".length());
            } else if (line.startsWith("tasks: ")) {
                tasks = numbers(line.substring("tasks: ".length()));
            } else if (line.startsWith("decisions: ")) {
                decisions = numbers(line.substring("decisions: ".length()));
            } else if (line.startsWith("silent: ")) {
                silence = numbers(line.substring("silent: ".length()));
            }
        }
        return new Report(List.copyOf(statistics), ended, tasks, decisions, silence);
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
        return numbers(line).get(name);
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

    private static Map<String, Long> numbers(String line) {
        Map<String, Long> numbers = new HashMap<>();
        Matcher matcher = NUMBER.matcher(line);
        while (matcher.find()) {
            numbers.put(matcher.group(1).strip(), Long.parseLong(matcher.group(2)));
        }
        return numbers;
    }
}
