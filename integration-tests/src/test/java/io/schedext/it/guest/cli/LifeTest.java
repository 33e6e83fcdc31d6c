// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.cli.Launch;
import io.schedext.it.cli.SchedulerProcess;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedExt;
import io.schedext.it.suite.AllowKernelLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The executables from start to end, whatever ends them.
///
/// A JVM takes long to start here, so each test looks at all there is to see in its processes.
@Timeout(240)
class LifeTest {

    private static final int CPU = 1;

    /// Two children that sleep a hundred times, and a parent that keeps their CPU busy meanwhile:
    /// on an idle one they would be none of the policy's business.
    private static final String BUSY_PARENT =
            """
            for (1..2) { next if fork; select undef, undef, undef, 0.01 for 1..100; exit }
            my $left = 2;
            while ($left) { $left-- if waitpid(-1, 1) > 0 }
            """;

    /// After that the kernel would throw out a scheduler that does not answer.
    private static final Duration WATCHDOG = SchedulerOptions.builder().build().watchdogTimeout();

    private static final Path PANIC_KEY = Path.of("/proc/sysrq-trigger");
    private static final String UNREGISTERED = "UNREGISTERED: unregistered from user space";

    @Test
    void inPartialModeItSchedulesItsClassTellsOfItRefusesASecondAndEndsOnSigint() throws Exception {
        try (SchedulerProcess first =
                        Launch.scheduler("rlfifo", "--partial", "--stats", "0.5")
                                .by("env", "--default-signal=INT")
                                .start();
                Load load = new Load()) {
            SchedExt.awaitAttached(first);
            load.start(CPU, "perl", "-e", BUSY_PARENT);

            try (SchedulerProcess second = Launch.scheduler("vruntime").start()) {
                assertThat(second.await()).isEqualTo(ExitStatus.OTHER_SCHEDULER.code());
                assertThat(second.err())
                        .containsExactly(
                                "vruntime: Another scheduler, rlfifo, is attached: stop it first.");
                assertThat(second.out()).isEmpty();
            }
            assertThat(SchedExt.state()).isEqualTo("enabled");
            assertThat(SchedExt.name()).startsWith("rlfifo");
            assertThat(load.await(30)).isTrue();
            Thread.sleep(1000);

            first.signal("INT");
            assertThat(first.await()).isEqualTo(ExitStatus.OK.code());
            assertThat(first.err())
                    .containsExactly("rlfifo: rlfifo is ready", "rlfifo: rlfifo is attached");
            Report report = Report.of(first.out());
            assertThat(report.ended()).isEqualTo(UNREGISTERED);
            report.assertExact();
            assertThat(report.tasks().get("opened"))
                    .as("only the load was scheduled: 200 sleeps, and slices of at least a tick")
                    .isBetween(20L, 1000L);
            assertThat(report.statistics()).hasSizeGreaterThan(2);
            assertThat(report.statistics().stream().mapToLong(line -> Report.number(line, "user")))
                    .as("the intervals' dispatches add up to no more than all")
                    .satisfies(counts ->
                            assertThat(counts.stream().mapToLong(Long::longValue).sum())
                                    .isBetween(1L, report.tasks().get("user")));
        }
    }

    @Test
    @Tag("full")
    void killedItLeavesAndTheNextOneStartsAndAFullPipeDoesNotHoldItUp(TestReporter reporter)
            throws Exception {
        try (SchedulerProcess killed = Launch.scheduler("vruntime").start()) {
            SchedExt.awaitAttached(killed);
            killed.signal("KILL");
            Duration gone = SchedExt.awaitDetached();
            reporter.publishEntry("detached after SIGKILL, ms", "" + gone.toMillis());
            assertThat(gone).isLessThan(WATCHDOG);
        }
        try (SchedulerProcess next =
                Launch.scheduler("rlfifo", "--stats", "0.0005").startUnread()) {
            SchedExt.awaitAttached(next);
            // A pipe holds 64 KiB: some 600 lines.
            Thread.sleep(3000);
            assertThat(SchedExt.state()).isEqualTo("enabled");
            next.signal("TERM");
            Duration gone = SchedExt.awaitDetached();
            reporter.publishEntry("detached after SIGTERM, ms", "" + gone.toMillis());
            assertThat(gone).isLessThan(WATCHDOG);
            assertThat(next.await(Duration.ofSeconds(10))).isEqualTo(ExitStatus.OK.code());
            assertThat(next.err())
                    .containsExactly("rlfifo: rlfifo is ready", "rlfifo: rlfifo is attached");
        }
    }

    @Test
    void aPolicyThatFailsLeavesAndTellsWhere() throws Exception {
        try (SchedulerProcess process = Launch.program(FailingScheduler.class).start()) {
            assertThat(process.await()).isEqualTo(ExitStatus.POLICY_FAILED.code());
            assertThat(SchedExt.state()).isEqualTo("disabled");
            List<String> err = process.err();
            assertThat(String.join("\n", err))
                    .contains(
                            "The policy failed with java.lang.IllegalStateException: no idea what to do.")
                    .contains("at " + FailingScheduler.class.getName());
        }
    }

    @Test
    @Tag("full")
    void aReaderThatHasGoneIsNoReasonToStop() throws Exception {
        try (SchedulerProcess process =
                Launch.scheduler("vruntime", "--stats", "0.01").startUnread()) {
            process.closeReader();
            SchedExt.awaitAttached(process);
            Thread.sleep(2000);
            assertThat(SchedExt.state()).isEqualTo("enabled");
            process.signal("TERM");
            assertThat(process.await()).isEqualTo(ExitStatus.OK.code());
            assertThat(process.err())
                    .containsExactly(
                            "vruntime: vruntime is ready", "vruntime: vruntime is attached");
        }
    }

    @Test
    @Tag("full")
    @AllowKernelLog("disabled \\(disabled by sysrq-S\\)")
    void thrownOutByTheKernelItSaysSo() throws Exception {
        try (SchedulerProcess process = Launch.scheduler("rlfifo").start()) {
            SchedExt.awaitAttached(process);
            Files.writeString(PANIC_KEY, "S");
            assertThat(process.await()).isEqualTo(ExitStatus.EVICTED.code());
            Report report = Report.of(process.out());
            assertThat(report.ended()).startsWith("SYSRQ: disabled by sysrq-S");
            report.assertExact();
            assertThat(process.err())
                    .contains(
                            "rlfifo: The kernel ended this scheduler: SYSRQ: disabled by sysrq-S");
        }
    }

    @Test
    @Tag("full")
    void anEarlySignalEndsItBeforeItIsAttached() throws Exception {
        try (SchedulerProcess process = Launch.scheduler("rlfifo", "--verbose").start()) {
            process.until(
                    "it has begun",
                    () -> process.err().stream().anyMatch(line -> line.contains(":")));
            process.signal("TERM");
            assertThat(process.await()).isIn(ExitStatus.OK.code());
            assertThat(SchedExt.state()).isEqualTo("disabled");
        }
    }
}
