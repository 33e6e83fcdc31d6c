// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.cli.SchedulerProcess;
import io.schedext.it.guest.cli.Report;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.TestReporter;

/// The statistics of a [WatchedScheduler], a line each: when, and what was added since the line
/// before.
///
/// @param lines oldest first
record WatchedLines(List<String> lines) {

    private static final Pattern LOOP =
            Pattern.compile(".* faults=(\\d+)/(\\d+) allocated=(\\d+) classes=(\\d+) .*");

    /// What it has printed so far.
    static WatchedLines of(SchedulerProcess scheduler) throws IOException {
        List<String> out = scheduler.out();
        // the last one may be half written
        List<String> whole = out.subList(0, Math.max(0, out.size() - 1));
        return new WatchedLines(whole.stream().filter(l -> l.contains(" running=")).toList());
    }

    /// Those printed after a time, CLOCK_MONOTONIC.
    WatchedLines since(long ns) {
        return new WatchedLines(lines.stream().filter(line -> time(line) > ns).toList());
    }

    /// When a line was printed.
    static long time(String line) {
        return Long.parseLong(line.substring(0, line.indexOf(' ')));
    }

    /// What all lines say after a name.
    long sum(String name) {
        return lines.stream().mapToLong(line -> Report.number(line, name)).sum();
    }

    /// Asserts that the loop took no page fault and allocated nothing, and that no class was
    /// loaded.
    void assertLoopIsQuiet(TestReporter reporter) {
        long[] sums = new long[4];
        for (String line : lines) {
            Matcher loop = LOOP.matcher(line);
            assertThat(loop.matches()).as(line).isTrue();
            for (int i = 0; i < sums.length; i++) {
                sums[i] += Long.parseLong(loop.group(i + 1));
            }
        }
        reporter.publishEntry(
                "the loop",
                "%d and %d faults, %d bytes allocated, %d classes loaded, in %d lines"
                        .formatted(sums[0], sums[1], sums[2], sums[3], lines.size()));
        assertThat(sums[0]).as("minor page faults").isZero();
        assertThat(sums[1]).as("major page faults").isZero();
        assertThat(sums[2]).as("bytes allocated by the loop").isZero();
        assertThat(sums[3]).as("classes loaded").isZero();
    }
}
