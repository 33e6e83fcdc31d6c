// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.cli.Launch;
import io.schedext.it.guest.cli.Report;
import io.schedext.it.guest.support.LoadProgram;
import io.schedext.it.guest.support.SchedExt;
import io.schedext.it.guest.support.Sysctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// From the moment it is attached the loop allocates nothing, loads no class and takes no page
/// fault, by the JVM's and the kernel's own count.
class QuietLoopTest {

    /// The guest has two nodes, and a kernel that balances them makes memory fault on purpose,
    /// locked or not, to see who uses it: one fault in 100,000 decisions was seen. It is a setting
    /// of the machine, not of the scheduler.
    private static final Path NUMA_BALANCING = Path.of("/proc/sys/kernel/numa_balancing");

    @Test
    @Timeout(300)
    void aHundredThousandDecisions(TestReporter reporter) throws Exception {
        check(100_000, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(1_500)
    void aMillionDecisions(TestReporter reporter) throws Exception {
        check(1_000_000, reporter);
    }

    private static void check(long decisions, TestReporter reporter) throws Exception {
        String balancing = Sysctl.read(NUMA_BALANCING);
        Files.writeString(NUMA_BALANCING, "0");
        try {
            run(decisions, reporter);
        } finally {
            Files.writeString(NUMA_BALANCING, balancing);
        }
    }

    private static void run(long decisions, TestReporter reporter) throws Exception {
        try (var scheduler = Launch.program(WatchedScheduler.class).with("5000").start()) {
            SchedExt.awaitAttached(scheduler);
            while (WatchedLines.of(scheduler).sum("user") < decisions) {
                assertThat(SchedExt.state()).isEqualTo("enabled");
                wakeUps();
            }
            // a signal makes the JVM load some classes
            WatchedLines lines = WatchedLines.of(scheduler);
            Report.afterTerm(scheduler);
            reporter.publishEntry("decisions", lines.sum("user") + "");
            lines.assertLoopIsQuiet(reporter);
        }
    }

    /// Pairs of processes that wake each other, for two seconds.
    private static void wakeUps() throws IOException, InterruptedException {
        LoadProgram.start("pingpong", "6", "2").numbers();
    }
}
