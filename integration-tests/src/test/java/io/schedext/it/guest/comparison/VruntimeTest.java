// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.Cpus;
import io.schedext.vruntime.VruntimePolicy;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// `vruntime` against EEVDF.
class VruntimeTest {

    private static final int[] NICES = {-15, -10, -5, 0, 5, 10, 15};

    @Test
    @Timeout(300)
    void sharesLatencyThroughput(TestReporter reporter) throws Exception {
        var both =
                new SideBySide(
                        SchedulerOptions.builder().name("vruntime").build(),
                        () -> new VruntimePolicy(20_000_000, 1_000_000),
                        5,
                        List.of(
                                Measurements.shares(Cpus.COUNT - 1, 4, NICES),
                                Measurements.wakeUps(2 * Cpus.COUNT, 1.5),
                                Measurements.hackbench("hackbench over pipes, s", 2, 300, "-p")));
        both.report(reporter);
        assertThat(both.ours("farthest off its share, %")).isLessThan(10);
    }

    @Test
    @Tag("full")
    @Timeout(900)
    void throughput(TestReporter reporter) throws Exception {
        var both =
                new SideBySide(
                        SchedulerOptions.builder().name("vruntime").build(),
                        () -> new VruntimePolicy(20_000_000, 1_000_000),
                        5,
                        List.of(
                                Measurements.hackbench("hackbench over sockets, s", 2, 200),
                                Measurements.hackbench("hackbench over pipes, s", 2, 300, "-p"),
                                Measurements.hackbench("hackbench of threads, s", 2, 200, "-T"),
                                Measurements.pipe(10_000)));
        both.report(reporter);
    }
}
