// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.cli.Launch;
import io.schedext.it.cli.SchedulerProcess;
import io.schedext.it.guest.cli.Report;
import io.schedext.it.guest.support.LoadProgram;
import io.schedext.it.guest.support.OnlineCpus;
import io.schedext.it.guest.support.SchedExt;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The scheduler is stopped by a signal, under load, for far longer than the watchdog waits.
class StoppedTest {

    private static final Duration BACK_WITHIN = Duration.ofSeconds(1);

    /// Both loads together run for four times the watchdog's timeout.
    @Tag("conformance")
    @Test
    @Timeout(120)
    void forFourTimesTheWatchdogsTimeout(TestReporter reporter) throws Exception {
        wholeGuest(2, 1_500, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(400)
    void forFourTimesTheDefaultTimeout(TestReporter reporter) throws Exception {
        for (int cpus : new int[] {1, 2, 4}) {
            wholeGuest(cpus, 5_000, reporter);
        }
    }

    /// In partial mode, so that EEVDF's turns can be in between.
    @Test
    @Timeout(120)
    void theLoadGoesOnAsBefore(TestReporter reporter) throws Exception {
        keepsThroughput(2, 8, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(600)
    void theLoadGoesOnAsBeforeForLong(TestReporter reporter) throws Exception {
        for (int cpus : new int[] {1, 2, 4}) {
            keepsThroughput(cpus, 26, reporter);
        }
    }

    /// Whoever resumes the scheduler is scheduled by it.
    @Test
    @Timeout(120)
    void resumedByATaskItShouldHaveScheduled(TestReporter reporter) throws Exception {
        try (var scheduler = start("1500")) {
            SchedExt.awaitAttached(scheduler);
            var load = LoadProgram.start("spin", "4");
            Process resumer =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "kill -STOP %1$d; sleep 0.5; kill -CONT %1$d"
                                            .formatted(scheduler.pid()))
                            .start();
            assertThat(resumer.waitFor()).isZero();
            long resumed = System.nanoTime();
            awaitDecisions(scheduler, resumed, reporter);
            assertThat(load.numbers()).singleElement().satisfies(n -> assertThat(n).isPositive());
            assertReport(scheduler);
        }
    }

    private static SchedulerProcess start(String... arguments) throws IOException {
        return Launch.program(WatchedScheduler.class).withoutLog().with(arguments).start();
    }

    private static void wholeGuest(int cpus, long watchdogMs, TestReporter reporter)
            throws Exception {
        double seconds = 2 * watchdogMs / 1e3;
        try (var _ = OnlineCpus.first(cpus);
                var scheduler = start("" + watchdogMs)) {
            SchedExt.awaitAttached(scheduler);
            scheduler.signal("STOP");
            Work work = Work.of(cpus, seconds, List.of());
            scheduler.signal("CONT");
            awaitDecisions(scheduler, System.nanoTime(), reporter);
            reporter.publishEntry("done meanwhile, on " + cpus + " CPUs", work + "");
            assertReport(scheduler);
        }
    }

    private static void keepsThroughput(int cpus, int turns, TestReporter reporter)
            throws Exception {
        try (var _ = OnlineCpus.first(cpus);
                var scheduler = start("1500", "partial")) {
            SchedExt.awaitAttached(scheduler);
            scheduler.signal("STOP");
            Throughput throughput = new Throughput(cpus, turns);
            scheduler.signal("CONT");
            assertReport(scheduler);
            throughput.isKept("on " + cpus + " CPUs", reporter);
        }
    }

    /// Its own statistics tell when it decided again.
    private static void awaitDecisions(
            SchedulerProcess scheduler, long resumed, TestReporter reporter)
            throws IOException, InterruptedException {
        while (true) {
            Optional<String> decided =
                    WatchedLines.of(scheduler).since(resumed).lines().stream()
                            .filter(line -> Report.number(line, "user") > 0)
                            .findFirst();
            if (decided.isPresent()) {
                long after = WatchedLines.time(decided.get()) - resumed;
                reporter.publishEntry("decided again after, ms", after / 1_000_000 + "");
                assertThat(after).as("ns until it decided again").isLessThan(BACK_WITHIN.toNanos());
                return;
            }
            assertThat(scheduler.isAlive()).as("it runs").isTrue();
            // something to decide
            assertThat(new ProcessBuilder("/bin/true").start().waitFor()).isZero();
        }
    }

    private static void assertReport(SchedulerProcess scheduler) throws Exception {
        assertThat(SchedExt.state()).isEqualTo("enabled");
        assertThat(Report.afterTerm(scheduler).silence().get("blocked"))
                .as("times it was blocked")
                .isPositive();
    }
}
