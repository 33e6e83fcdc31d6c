// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/// Turns the lines of one guest JVM into reports.
final class TestRecorder {
    private final Queue<TestReport> reports = new ArrayDeque<>();
    private final Map<String, String> figures = new LinkedHashMap<>();
    private final StringBuilder output = new StringBuilder();
    private String current;
    private long limitMillis;
    private boolean done;

    /// Takes one line, of either stream.
    void accept(String line) {
        SuiteEvent.parse(line)
                .ifPresentOrElse(this::accept, () -> output.append(line).append('\n'));
    }

    private void accept(SuiteEvent event) {
        switch (event.type()) {
            case STARTED -> {
                current = event.test();
                limitMillis = Long.parseLong(event.values().get(SuiteEvent.LIMIT_MS));
            }
            case FIGURE ->
                    figures.put(
                            event.values().get(SuiteEvent.NAME),
                            event.values().get(SuiteEvent.VALUE));
            case FINISHED ->
                    finish(
                            event.test(),
                            Outcome.valueOf(event.values().get(SuiteEvent.OUTCOME)),
                            Long.parseLong(event.values().get(SuiteEvent.MILLIS)),
                            event.values().get(SuiteEvent.MESSAGE));
            case DONE -> done = true;
        }
    }

    /// The JVM or the guest is gone: the test that ran, if one did, has failed.
    void lost(String why) {
        if (current != null) {
            finish(current, Outcome.FAILED, 0, why);
        }
    }

    private void finish(String test, Outcome outcome, long millis, String message) {
        reports.add(new TestReport(test, outcome, millis, figures, message, output.toString()));
        figures.clear();
        output.setLength(0);
        current = null;
    }

    /// Takes out the oldest report that is complete.
    Optional<TestReport> poll() {
        return Optional.ofNullable(reports.poll());
    }

    /// Time of the test that runs now, empty between two.
    Optional<Long> limitMillis() {
        return current == null ? Optional.empty() : Optional.of(limitMillis);
    }

    /// Whether the JVM has said that all is done.
    boolean done() {
        return done;
    }

    /// What was printed since the last test ended.
    String output() {
        return output.toString();
    }
}
