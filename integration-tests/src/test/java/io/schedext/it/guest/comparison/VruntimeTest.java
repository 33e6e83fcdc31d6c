// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.schedext.core.Policy;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.OnlineCpus;
import io.schedext.vruntime.VruntimePolicy;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// `vruntime` against EEVDF.
class VruntimeTest {

    private static final int ROUNDS = 5;
    private static final int[] NICES = {-15, -10, -5, 0, 5, 10, 15};

    private static final String PIPE = Measurements.PIPE;
    private static final String P50 = "wake-up p50, us";
    private static final String P99 = "wake-up p99, us";

    private static SideBySide measure(TestReporter reporter, Measurement... measurements)
            throws Exception {
        return measure(VruntimePolicy::new, reporter, measurements);
    }

    private static SideBySide measure(
            Supplier<Policy> policies, TestReporter reporter, Measurement... measurements)
            throws Exception {
        var both =
                new SideBySide(
                        SchedulerOptions.builder()
                                .name("vruntime")
                                .sliceNs(VruntimePolicy.SLICE_NS)
                                .build(),
                        policies,
                        ROUNDS,
                        List.of(measurements));
        both.report(reporter);
        return both;
    }

    private static void check(SideBySide both, String... onlyReported) {
        for (String name : both.names()) {
            if (name.endsWith(", s") && !List.of(onlyReported).contains(name)) {
                // time taken, so three quarters of the throughput is four thirds of it
                assertThat(both.ours(name)).as(name).isLessThan(both.eevdf(name) / 0.75);
            }
        }
    }

    private static void sharesAreKept(SideBySide both, int... nices) {
        for (int nice : nices) {
            double share = both.ours(Measurements.share(nice));
            assertThat(share).as("%% of what nice %d is due", nice).isCloseTo(100, within(10.0));
        }
    }

    @Test
    @Timeout(600)
    void sharesLatencyThroughput(TestReporter reporter) throws Exception {
        var both =
                measure(
                        reporter,
                        Measurements.shares(1, 4, -10, -5, 0, 5),
                        Measurements.idle("beside hogs", Measurements.wakeUps(2 * Cpus.COUNT, 150)),
                        Measurements.hackbench("hackbench over pipes, s", 2, 300, "-p"));
        sharesAreKept(both, -10, -5, 0, 5);
        assertThat(both.ours(P50)).as(P50).isLessThan(4 * both.eevdf(P50));
        assertThat(both.ours(P99)).as(P99).isLessThan(2 * both.eevdf(P99));
        check(both);
    }

    @Test
    @Tag("full")
    @Timeout(600)
    void sharesLatencyThroughputOnOneCpu(TestReporter reporter) throws Exception {
        try (var _ = OnlineCpus.first(1)) {
            var both =
                    measure(
                            reporter,
                            Measurements.wakeUps(2, 400),
                            Measurements.hackbench("hackbench over sockets, s", 1, 200),
                            Measurements.hackbench("hackbench over pipes, s", 1, 300, "-p"),
                            Measurements.hackbench("hackbench of threads, s", 1, 200, "-T"),
                            Measurements.pipe(5_000));
            assertThat(both.ours(P50)).as(P50).isLessThan(4 * both.eevdf(P50));
            assertThat(both.ours(P99)).as(P99).isLessThan(2 * both.eevdf(P99));
            // on one CPU sched_ext itself, with any scheduler, leaves 0.8 of it:
            // docs/performance.md
            check(both, PIPE);
        }
    }

    /// Those of one CPU by weight; a tick of 4 ms is more than nice 15 is due in the time after
    /// which it is overdue. On all CPUs the three heaviest have one each. Whenever the loop is busy
    /// for another CPU at the end of their slice, somebody else comes in between: emulated, where
    /// the loop is twenty times slower, that is a few parts of a hundred more for the lightest.
    @Test
    @Tag("full")
    @Timeout(900)
    void shares(TestReporter reporter) throws Exception {
        var both = measure(reporter, Measurements.shares(1, 20, NICES));
        sharesAreKept(both, -15, -10, -5, 0, 5, 10);
        both = measure(reporter, Measurements.shares(Cpus.COUNT, 8, NICES));
        sharesAreKept(both, -15, -10, -5, 0, 5);
    }

    @Test
    @Tag("full")
    @Timeout(900)
    void throughput(TestReporter reporter) throws Exception {
        check(
                measure(
                        reporter,
                        Measurements.hackbench("hackbench over sockets, s", 2, 400),
                        Measurements.hackbench("hackbench over pipes, s", 2, 600, "-p"),
                        Measurements.hackbench("hackbench of threads, s", 2, 400, "-T"),
                        Measurements.pipe(10_000)));
    }

    @Test
    @Tag("full")
    @Timeout(1800)
    void build(TestReporter reporter) throws Exception {
        check(
                measure(
                        reporter,
                        Measurements.idle("meanwhile", Measurements.build(2 * Cpus.COUNT, "a"))));
    }

    /// What it would be like if decisions were held back until a CPU is free: docs/performance.md.
    /// Nothing is asked of it but that it works.
    @Test
    @Tag("full")
    @Timeout(900)
    void heldBack(TestReporter reporter) throws Exception {
        var both =
                measure(
                        () ->
                                new HoldingBack(
                                        new VruntimePolicy(),
                                        VruntimePolicy.SLICE_NS,
                                        VruntimePolicy.MIN_SLICE_NS),
                        reporter,
                        Measurements.idle("beside hogs", Measurements.wakeUps(2 * Cpus.COUNT, 150)),
                        Measurements.hackbench("hackbench over sockets, s", 2, 400),
                        Measurements.hackbench("hackbench over pipes, s", 2, 300, "-p"),
                        Measurements.pipe(10_000));
        assertThat(both.names()).hasSize(6);
    }

    @Test
    @Tag("full")
    @Timeout(900)
    void gameWhileEverythingCompiles(TestReporter reporter) throws Exception {
        var both = measure(reporter, Measurements.game(2 * Cpus.COUNT, 8));
        String missed = "missed periods, %";
        assertThat(both.ours(missed)).isLessThan(Math.max(2, 2 * both.eevdf(missed)));
    }
}
