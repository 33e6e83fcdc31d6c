// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.cli.Launch;
import io.schedext.it.guest.cli.Report;
import io.schedext.it.guest.counts.Storm;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.SchedExt;
import io.schedext.it.osgi.FrameworkProcess;
import io.schedext.it.osgi.FrameworkProcess.Kind;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Bundles with policies come and go, and the kernel keeps its scheduler.
class OsgiTest {

    private static final String VRUNTIME = "io.schedext.vruntime";
    private static final String RLFIFO = "io.schedext.rlfifo";

    private static final Pattern HANDED_OVER =
            Pattern.compile("(\\S+) schedules; (\\d+) tasks were handed over in (\\d+) us");

    @Test
    @Timeout(150)
    void bundlesComeAndGo(TestReporter reporter) throws Exception {
        comeAndGo(Kind.FELIX, 4, reporter);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    @Timeout(600)
    void bundlesComeAndGoAHundredTimes(Kind kind, TestReporter reporter) throws Exception {
        comeAndGo(kind, 100, reporter);
    }

    private static void comeAndGo(Kind kind, int times, TestReporter reporter) throws Exception {
        try (var framework = new FrameworkProcess(kind, Launch.jvm())) {
            framework.startLibraries();
            framework.does("start " + RLFIFO);
            framework.does("start " + VRUNTIME);
            framework.does("start io.schedext.osgi");
            framework.awaitLog("osgi is attached");
            comeAndGo(framework, times, reporter);
            assertThat(framework.quit()).isZero();
        }
    }

    private static void comeAndGo(FrameworkProcess framework, int times, TestReporter reporter)
            throws Exception {
        try (var storm = new Storm(false, Cpus.COUNT)) {
            long attached = SchedExt.enableSequence();

            // vruntime is ranked higher, so without it the other one schedules
            for (int i = 0; i < times; i++) {
                framework.does((i % 2 == 0 ? "stop " : "start ") + VRUNTIME);
            }
            framework.does("update " + VRUNTIME);
            List<String> schedulers =
                    HANDED_OVER.matcher(framework.log()).results().map(m -> m.group(1)).toList();
            assertThat(schedulers).hasSize(times + 2);
            for (int i = 0; i < schedulers.size(); i++) {
                assertThat(schedulers.get(i)).contains(i % 2 == 0 ? "FifoPolicy" : "Vruntime");
            }

            framework.does("uninstall " + RLFIFO);
            framework.does("stop " + VRUNTIME);
            assertThat(framework.log()).contains("No policy is left");
            Thread.sleep(500);
            assertThat(SchedExt.enableSequence()).as("it was attached once").isEqualTo(attached);
            framework.does("start " + VRUNTIME);
            Thread.sleep(200);
            storm.calm();
            framework.does("stop io.schedext.osgi");

            String log = framework.log();
            Report report = Report.of(log.lines().toList());
            reporter.publishEntry("tasks", report.tasks().toString());
            reporter.publishEntry(
                    "handed over",
                    HANDED_OVER
                                    .matcher(log)
                                    .results()
                                    .mapToInt(m -> Integer.parseInt(m.group(2)))
                                    .sum()
                            + " tasks, at most in "
                            + HANDED_OVER
                                    .matcher(log)
                                    .results()
                                    .mapToLong(m -> Long.parseLong(m.group(3)))
                                    .max()
                                    .orElseThrow()
                            + " us");
            assertThat(report.ended()).startsWith("UNREGISTERED");
            report.assertExact();
            assertThat(report.tasks()).containsEntry("overdue", 0L);
        }
    }
}
