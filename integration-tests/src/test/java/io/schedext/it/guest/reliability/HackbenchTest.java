// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.cli.Launch;
import io.schedext.it.guest.cli.Report;
import io.schedext.it.guest.support.SchedExt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// 240 tasks that do nothing but wake each other, scheduled by the executables.
class HackbenchTest {

    /// Six groups of 20 senders and 20 receivers over pipes; each sender sends each receiver of its
    /// group so many messages.
    private static final String[] HACKBENCH = {
        "hackbench", "-p", "-g", "6", "-f", "20", "-l", "120"
    };

    @Test
    @Timeout(240)
    void underRlfifo(TestReporter reporter) throws Exception {
        check("rlfifo", 2, reporter);
    }

    @Test
    @Timeout(240)
    void underVruntime(TestReporter reporter) throws Exception {
        check("vruntime", 2, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(900)
    void underBothTenTimes(TestReporter reporter) throws Exception {
        check("rlfifo", 10, reporter);
        check("vruntime", 10, reporter);
    }

    private static void check(String name, int runs, TestReporter reporter) throws Exception {
        try (var scheduler = Launch.scheduler(name, "--stats", "1").start()) {
            SchedExt.awaitAttached(scheduler);
            List<String> seconds = new ArrayList<>();
            for (int run = 0; run < runs; run++) {
                seconds.add(hackbench());
                assertThat(SchedExt.state()).as("after run %d", run + 1).isEqualTo("enabled");
            }
            Report report = Report.afterTerm(scheduler);
            assertThat(scheduler.err())
                    .containsExactly(
                            name + ": " + name + " is ready", name + ": " + name + " is attached");

            reporter.publishEntry(name + ", s each run", String.join(" ", seconds));
            reporter.publishEntry(name + ", tasks", report.tasks().toString());
            reporter.publishEntry(name + ", decisions", report.decisions().toString());
            report.assertExact();
            assertThat(report.statistics())
                    .as("lines of statistics, one a second")
                    .hasSizeGreaterThan(runs);
        }
    }

    /// @return the seconds it says it took
    private static String hackbench() throws Exception {
        Process process = new ProcessBuilder(HACKBENCH).redirectErrorStream(true).start();
        String said;
        try (var out = process.getInputStream()) {
            said = new String(out.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
        assertThat(process.waitFor()).as("exit status of hackbench, which said: %s", said).isZero();
        return said.substring(said.lastIndexOf(' ') + 1);
    }
}
