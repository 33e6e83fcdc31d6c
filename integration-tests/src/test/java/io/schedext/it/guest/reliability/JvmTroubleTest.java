// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import io.schedext.it.cli.Launch;
import io.schedext.it.cli.SchedulerProcess;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedExt;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.Waits;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole guest is scheduled by a JVM that collects garbage ten times a second, or does worse to
/// itself. Nobody waits for as long as the watchdog, which ends the scheduler after 1.5 s.
class JvmTroubleTest {

    /// `ExitOnOutOfMemoryError` in the launcher's options ends the JVM with this status.
    private static final int OUT_OF_MEMORY = 3;

    /// What a JVM ends with that SIGTERM ended.
    private static final int TERMINATED = 128 + 15;

    @Test
    @Timeout(240)
    void allAtOnce(TestReporter reporter) throws Exception {
        check(
                Launch.program(TroubledScheduler.class)
                        .with("collections", "garbage", "classes", "threads", "dumps", "recording"),
                6_000,
                reporter);
    }

    @Tag("full")
    @Timeout(240)
    @ParameterizedTest
    @CsvSource({"-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseG1GC", "-XX:+UseZGC"})
    void collectionsAndGarbage(String collector, TestReporter reporter) throws Exception {
        check(collector(collector), 30_000, reporter);
    }

    @Tag("full")
    @Timeout(120)
    @ParameterizedTest
    @ValueSource(strings = {"classes", "threads", "dumps", "recording"})
    void oneTrouble(String trouble, TestReporter reporter) throws Exception {
        check(Launch.program(TroubledScheduler.class).with(trouble), 15_000, reporter);
    }

    @Test
    @Timeout(120)
    void outOfMemoryItEndsAndTheKernelTakesOver() throws Exception {
        try (var scheduler = Launch.program(TroubledScheduler.class).with("memory").start()) {
            assertThat(scheduler.await()).isEqualTo(OUT_OF_MEMORY);
            assertThat(String.join("\n", scheduler.out())).contains("OutOfMemoryError");
            SchedExt.awaitDetached();
        }
    }

    private static Launch collector(String option) {
        return Launch.program(TroubledScheduler.class)
                .option("-XX:-UseSerialGC", option)
                .with("collections", "garbage");
    }

    private static void check(Launch launch, long millis, TestReporter reporter) throws Exception {
        try (var observer = new SchedObserver();
                var load = new Load();
                var scheduler = launch.start()) {
            SchedExt.awaitAttached(scheduler);
            for (int i = 0; i < 6; i++) {
                load.sleeper(-1, Integer.MAX_VALUE, 0.005);
            }
            load.hog(-1);
            load.hog(-1);
            observer.take();
            Thread.sleep(millis);
            observer.stop();
            assertThat(SchedExt.state()).isEqualTo("enabled");
            reporter.publishEntry("waits", Waits.all(observer.take()).toString());
            end(scheduler, reporter);
        }
    }

    private static void end(SchedulerProcess scheduler, TestReporter reporter)
            throws IOException, InterruptedException {
        scheduler.signal("TERM");
        // with so much trouble the report can take longer than the 30 s that a signal waits for it
        int status = scheduler.await();
        assertThat(status).isIn(ExitStatus.OK.code(), TERMINATED);
        if (status == TERMINATED) {
            reporter.publishEntry("report", "none within 30 s");
            return;
        }
        List<String> report = scheduler.out();
        for (String line : report) {
            if (line.startsWith("silent: ") || line.startsWith("loop: ")) {
                reporter.publishEntry(
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(' ') + 1));
            }
        }
        assertThat(report).anyMatch(line -> line.startsWith("ended: UNREGISTERED"));
    }
}
