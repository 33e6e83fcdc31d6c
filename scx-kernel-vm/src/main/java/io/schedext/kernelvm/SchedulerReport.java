// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a scheduler built on scx-core printed at its end. A scheduler that prints something else
/// leaves the maps empty; its lines are here all the same.
///
/// The names in the maps are those of the report: see `TaskLedger`, `DecisionLedger` and `Silence`
/// of scx-core for what each counts.
///
/// @param status the exit status, as [GuestResult#status]
/// @param ended why it ended, as `UNREGISTERED`; empty when it told nothing
/// @param tasks the ledger of tasks: `opened`, `user`, `bounced`, `silence`, `overdue`, `kernel`,
///   `requeued`, `left`, `held`
/// @param decisions the ledger of decisions: `submitted`, `drained`, `user`, `bounced`, `stale`,
///   `gone`, `refused`, `in ring`
/// @param silence how often the loop fell silent, by cause
/// @param lines all it printed to standard output
public record SchedulerReport(
        int status,
        String ended,
        Map<String, Long> tasks,
        Map<String, Long> decisions,
        Map<String, Long> silence,
        List<String> lines) {

    private static final Pattern NUMBER = Pattern.compile("([a-z][a-z ]*)=(\\d+)");

    /// Without those still held: after the end there may be none.
    private static final List<String> CLOSED =
            List.of("user", "bounced", "silence", "overdue", "kernel", "requeued", "left");

    private static final List<String> CARRIED_OUT =
            List.of("user", "bounced", "stale", "gone", "refused");

    /// Copies what it is given.
    public SchedulerReport {
        tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
        decisions = Collections.unmodifiableMap(new LinkedHashMap<>(decisions));
        silence = Collections.unmodifiableMap(new LinkedHashMap<>(silence));
        lines = List.copyOf(lines);
    }

    /// Reads what a scheduler printed.
    ///
    /// @param status its exit status
    /// @param lines its standard output
    public static SchedulerReport of(int status, List<String> lines) {
        return new SchedulerReport(
                status,
                rest(lines, "ended: "),
                numbers(rest(lines, "tasks: ")),
                numbers(rest(lines, "decisions: ")),
                numbers(rest(lines, "silent: ")),
                lines);
    }

    /// The numbers of a line like `opened=12 in ring=0`, by their names.
    public static Map<String, Long> numbers(String line) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        Matcher matcher = NUMBER.matcher(line);
        while (matcher.find()) {
            numbers.put(matcher.group(1).strip(), Long.parseLong(matcher.group(2)));
        }
        return numbers;
    }

    /// Returns itself when no task and no decision was lost: every task that was taken into custody
    /// left it in one of the ways there are, and so did every decision.
    ///
    /// @throws GuestException when there is no ledger, when something was counted by nobody, or
    ///   when the exit status is not 0; the message has all of the output
    public SchedulerReport requireBalanced() {
        List<String> wrong = new ArrayList<>();
        if (status != 0) {
            wrong.add("its exit status is " + status);
        }
        if (tasks.isEmpty() || decisions.isEmpty()) {
            wrong.add("it printed no ledgers");
        } else {
            balance(wrong, "tasks opened", tasks.get("opened"), tasks, CLOSED);
            balance(wrong, "decisions drained", decisions.get("drained"), decisions, CARRIED_OUT);
            balance(
                    wrong,
                    "decisions submitted",
                    decisions.get("submitted"),
                    decisions,
                    List.of("drained", "in ring"));
        }
        if (!wrong.isEmpty()) {
            throw new GuestException(
                    "the scheduler's report does not add up: %s%n%s"
                            .formatted(String.join(", ", wrong), String.join("\n", lines)));
        }
        return this;
    }

    private static void balance(
            List<String> wrong,
            String what,
            Long total,
            Map<String, Long> ledger,
            List<String> parts) {
        long sum = parts.stream().mapToLong(part -> ledger.getOrDefault(part, 0L)).sum();
        if (total == null || total != sum) {
            wrong.add("%s %d, accounted for %d".formatted(what, total, sum));
        }
    }

    private static String rest(List<String> lines, String start) {
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .reduce((first, last) -> last)
                .map(line -> line.substring(start.length()))
                .orElse("");
    }
}
