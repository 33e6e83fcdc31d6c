// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import io.schedext.it.cli.Launch;
import io.schedext.it.cli.SchedulerProcess;
import io.schedext.it.guest.support.BpfLeftovers;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedExt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The process ends in the middle of something, under load: the kernel has its machine back before
/// its watchdog would have taken it, and nothing is left, no file either.
class SuddenEndTest {

    private static final Duration WATCHDOG = Duration.ofSeconds(5);

    /// How a JVM ends that has crashed and writes no core file.
    private static final int CRASHED = 1;

    @FunctionalInterface
    private interface End {
        void of(SchedulerProcess scheduler) throws Exception;
    }

    /// The loop thread never comes back from exit(), and is left behind after a while.
    @Test
    @Timeout(120)
    void theProcessExitsInTheMiddleOfADispatch(TestReporter reporter) throws Exception {
        check(
                Launch.program(SuddenScheduler.class).with("3"),
                _ -> {},
                ExitStatus.POLICY_FAILED.code(),
                reporter);
    }

    @Test
    @Timeout(120)
    void theJvmCrashes(TestReporter reporter) throws Exception {
        check(
                Launch.program(SuddenScheduler.class),
                scheduler -> scheduler.signal("SEGV"),
                CRASHED,
                reporter);
    }

    private static void check(Launch launch, End end, int status, TestReporter reporter)
            throws Exception {
        List<String> files = temporaryFiles();
        BpfLeftovers before = BpfLeftovers.before();
        try (var load = new Load()) {
            for (int i = 0; i < 4; i++) {
                load.sleeper(-1, Integer.MAX_VALUE, 0.01);
            }
            try (SchedulerProcess scheduler = launch.start()) {
                SchedExt.awaitAttached(scheduler);
                end.of(scheduler);
                Duration detached = SchedExt.awaitDetached();
                reporter.publishEntry("until the kernel had it back, ms", detached.toMillis() + "");
                assertThat(detached).isLessThan(WATCHDOG);
                assertThat(scheduler.await()).isEqualTo(status);
            }
        }
        assertThat(temporaryFiles()).as("files").isEqualTo(files);
        assertThat(BpfLeftovers.settled(before)).as("what is left of BPF").isEqualTo(before);
    }

    /// Where the process works. What a JVM of this test unpacks there it deletes when it ends, and
    /// so does this one: only new names of crashes and cores count.
    private static List<String> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("hs_err") || name.startsWith("core"))
                    .sorted()
                    .toList();
        }
    }
}
