// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.cli.Launch;
import io.schedext.it.guest.support.SchedExt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// What a scheduler costs when there is nothing to schedule.
class IdleTest {

    private static final double FLOOR_PERCENT = 2;
    private static final long SECONDS = 10;

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
            assertThat(percent).as("of one CPU, %").isPositive().isLessThan(FLOOR_PERCENT);
        }
    }

    /// What all threads of a process have used, by the kernel's own account.
    private static long cpuNs(long pid) throws IOException {
        long sum = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                sum += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
            }
        }
        return sum;
    }
}
