// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import io.schedext.it.cli.Launch;
import io.schedext.it.guest.cli.Report;
import io.schedext.it.guest.support.SchedExt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /// Of a line of statistics: what happened since the one before it.
    private static final Pattern LOOP =
            Pattern.compile(
                    ".* running=.* faults=(\\d+)/(\\d+) allocated=(\\d+) classes=(\\d+) .*");

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
        String balancing;
        try (var in = Files.newInputStream(NUMA_BALANCING)) {
            balancing = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
        Files.writeString(NUMA_BALANCING, "0");
        try {
            run(decisions, reporter);
        } finally {
            Files.writeString(NUMA_BALANCING, balancing);
        }
    }

    private static void run(long decisions, TestReporter reporter) throws Exception {
        try (var scheduler = Launch.program(WatchedScheduler.class).with("5000").start()) {
            scheduler.until("it is attached", () -> SchedExt.state().equals("enabled"));
            while (decided(scheduler.out()) < decisions) {
                assertThat(SchedExt.state()).isEqualTo("enabled");
                wakeUps();
            }
            long[] sums = new long[4];
            List<String> lines = scheduler.out();
            lines.stream()
                    .map(LOOP::matcher)
                    .filter(Matcher::matches)
                    .forEach(line -> {
                        for (int i = 0; i < sums.length; i++) {
                            sums[i] += Long.parseLong(line.group(i + 1));
                        }
                    });
            reporter.publishEntry("decisions", decided(lines) + "");
            reporter.publishEntry("faults, bytes, classes", Arrays.toString(sums));
            scheduler.signal("TERM");
            assertThat(scheduler.await()).isEqualTo(ExitStatus.OK.code());
            assertThat(sums[0]).as("minor page faults").isZero();
            assertThat(sums[1]).as("major page faults").isZero();
            assertThat(sums[2]).as("bytes allocated by the loop").isZero();
            assertThat(sums[3]).as("classes loaded").isZero();
        }
    }

    private static long decided(List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains("running="))
                .mapToLong(line -> Report.number(line, "user"))
                .sum();
    }

    /// Pairs of processes that wake each other, for two seconds.
    private static void wakeUps() throws IOException, InterruptedException {
        List<Process> pairs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            pairs.add(
                    new ProcessBuilder("/scx/load", "pingpong", "2")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start());
        }
        for (Process pair : pairs) {
            assertThat(pair.waitFor()).isZero();
        }
    }
}
