// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.cli.Launch;
import io.schedext.it.cli.SchedulerProcess;
import io.schedext.it.guest.cli.Report;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.LoadProgram;
import io.schedext.it.guest.support.SchedExt;
import io.schedext.it.guest.support.TaskFiles;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// A scheduler in a process of its own under a load of everything, for long: nothing of it grows
/// but its counters. What it needs it has after the first quarter.
class SoakTest {

    private static final long GROWTH_KIB = 1024;

    @Test
    @Timeout(240)
    void nothingGrows(TestReporter reporter) throws Exception {
        check(20, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(900)
    void nothingGrowsInTenMinutes(TestReporter reporter) throws Exception {
        check(600, reporter);
    }

    private static void check(int seconds, TestReporter reporter) throws Exception {
        try (var scheduler = Launch.program(WatchedScheduler.class).with("5000").start();
                var load = new Load()) {
            SchedExt.awaitAttached(scheduler);
            for (int i = 0; i < 3; i++) {
                load.sleeper(-1, Integer.MAX_VALUE, 0.01);
            }
            long start = System.nanoTime();
            try (var hogs = LoadProgram.start("hogs", "6", "" + seconds);
                    var forks = LoadProgram.start("forks", "" + seconds);
                    var wakes = LoadProgram.start("pingpong", "1", "" + seconds)) {
                Thread.sleep(seconds * 1000L / 4);
                long quarter = System.nanoTime();
                long early = residentKib(scheduler);
                reporter.publishEntry("rounds of hogs", hogs.numbers().toString());
                reporter.publishEntry("children", forks.numbers().toString());
                reporter.publishEntry("wake-ups", wakes.numbers().toString());
                long late = residentKib(scheduler);
                reporter.publishEntry("resident, KiB", "%d, then %d".formatted(early, late));
                assertThat(late - early).as("KiB of growth").isLessThan(GROWTH_KIB);

                WatchedLines lines = WatchedLines.of(scheduler).since(start);
                assertCountersGrow(lines.lines());
                lines.since(quarter).assertLoopIsQuiet(reporter);
                assertThat(lines.lines())
                        .as("lines of statistics, 20 a second")
                        .hasSizeGreaterThan(seconds * 5);
            }
            end(scheduler, reporter);
        }
    }

    private static long residentKib(SchedulerProcess scheduler) {
        return TaskFiles.of(scheduler.pid())
                .status()
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /// Each line is what was added since the one before.
    private static void assertCountersGrow(List<String> lines) {
        assertThat(lines).noneMatch(line -> line.contains("=-"));
        // a twentieth of a second may be too short for a decision, two seconds are not
        for (int i = 0; i + 40 <= lines.size(); i += 40) {
            assertThat(new WatchedLines(lines.subList(i, i + 40)).sum("user"))
                    .as("decisions from %s on", lines.get(i))
                    .isPositive();
        }
    }

    private static void end(SchedulerProcess scheduler, TestReporter reporter) throws Exception {
        assertThat(SchedExt.state()).isEqualTo("enabled");
        Report report = Report.afterTerm(scheduler);
        scheduler.out().stream()
                .filter(line -> line.startsWith("loop: ") || line.startsWith("silent: "))
                .forEach(line -> reporter.publishEntry("at the end", line));
        report.assertExact();
    }
}
