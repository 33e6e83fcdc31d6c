// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.cli.Launch;
import io.schedext.it.guest.support.SchedExt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// What a scheduler costs when there is nothing to schedule.
class IdleTest {

    private static final double FLOOR_PERCENT = 2;
    private static final long SECONDS = 10;

    /// USER_HZ is 100 everywhere.
    private static final long TICK_NS = 10_000_000;

    @Test
    @Timeout(120)
    void vruntimeUsesNextToNothing(TestReporter reporter) throws Exception {
        try (var scheduler = Launch.scheduler("vruntime").start()) {
            SchedExt.awaitAttached(scheduler);
            Thread.sleep(1_000);
            long before = cpuNs(scheduler.pid());
            Thread.sleep(SECONDS * 1_000);
            double percent = (cpuNs(scheduler.pid()) - before) / (SECONDS * 1e7);
            reporter.publishEntry("of one CPU, %", String.format(Locale.ROOT, "%.2f", percent));
            assertThat(percent).as("of one CPU, %").isNotNegative().isLessThan(FLOOR_PERCENT);
        }
    }

    /// What a process has used, threads that have ended included: utime and stime of
    /// proc_pid_stat(5).
    private static long cpuNs(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(words[11]) + Long.parseLong(words[12])) * TICK_NS;
    }
}
