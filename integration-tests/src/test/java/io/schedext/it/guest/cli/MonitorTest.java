// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import io.schedext.it.cli.Launch;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedExt;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// One process looks at the scheduler that another one runs.
class MonitorTest {

    @Test
    @Timeout(120)
    void theStatisticsOfAnotherProcess(TestReporter reporter) throws Exception {
        try (var load = new Load();
                var scheduler = Launch.scheduler("rlfifo", "--partial").start()) {
            SchedExt.awaitAttached(scheduler);
            for (int cpu = 0; cpu < 4; cpu++) {
                load.hog(0);
            }
            try (var monitor = Launch.scheduler("vruntime", "--monitor", "0.5").start()) {
                monitor.until("it tells", () -> statistics(monitor.out()).size() >= 3);
                scheduler.signal("TERM");
                assertThat(scheduler.await()).isEqualTo(ExitStatus.OK.code());
                assertThat(monitor.await()).isEqualTo(ExitStatus.OK.code());
                List<String> lines = statistics(monitor.out());
                reporter.publishEntry("a line", lines.get(1));
                // four hogs take turns on one CPU
                assertThat(lines.get(1)).matches("running=[1-4]/4 .* user=[1-9].*");
                assertThat(monitor.err()).isEmpty();
            }
        }
    }

    private static List<String> statistics(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("running=")).toList();
    }

    @Test
    @Timeout(60)
    void nothingToLookAt() throws Exception {
        try (var monitor = Launch.scheduler("rlfifo", "--monitor", "1").start()) {
            assertThat(monitor.await()).isEqualTo(ExitStatus.NOT_ATTACHED.code());
            assertThat(monitor.err())
                    .containsExactly(
                            "rlfifo: No scheduler of this kind is attached: start one first.");
        }
    }
}
