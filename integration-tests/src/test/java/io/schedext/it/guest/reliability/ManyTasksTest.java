// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.counts.Ledgers;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.LoadProgram;
import io.schedext.it.guest.support.OnlineCpus;
import io.schedext.rlfifo.FifoPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// Far more tasks than CPUs, all of the guest's tasks scheduled.
///
/// That many can all be served: the longer the queues, the shorter the slices, down to the tick
/// that ends them, each 4 ms (`CONFIG_HZ=250`). Then 500 hogs for each CPU wait 500 times 4 ms for
/// their next turn, which is 2 s and below the watchdog's 5 s. Some 1,200 for each CPU are too many
/// for any scheduler whose watchdog waits no longer.
///
/// Emulated CPUs take turns on one thread of the host, so there 1,000 hogs wait 4 s, or longer if
/// the host has other things to do: their watchdog waits for 20 s. That all of them become overdue
/// meanwhile is as it would be with 500 for each real CPU.
///
/// Rings that are full are `CongestionTest`'s.
class ManyTasksTest {

    private static final long SLICE_NS = 20_000_000;

    private static final Duration WATCHDOG = Duration.ofSeconds(5);
    private static final Duration OVERDUE = Duration.ofSeconds(2);

    /// With slices that stay as long as they are, 120 hogs wait 2.4 s, emulated twice as long; with
    /// slices of a tick, half a second.
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static final Duration SHORT_OVERDUE = Duration.ofMillis(800);

    @Test
    @Timeout(120)
    void twoThousandThreadsAtOnce(TestReporter reporter) throws Exception {
        crowd(2_000, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(300)
    void tenThousandThreadsAtOnce(TestReporter reporter) throws Exception {
        crowd(10_000, reporter);
    }

    @Test
    @Timeout(120)
    void manyHogsForEachCpu(TestReporter reporter) throws Exception {
        hogs(120, 8, options(SHORT, SHORT_OVERDUE), false, reporter);
    }

    @Test
    @Timeout(120)
    void manyHogsForEachCpuWithoutThePolicy(TestReporter reporter) throws Exception {
        hogs(120, 8, options(SHORT, SHORT_OVERDUE), true, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(200)
    void fiveHundredHogsForEachCpu(TestReporter reporter) throws Exception {
        hogs(500, 30, options(WATCHDOG.multipliedBy(4), OVERDUE), false, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(200)
    void fiveHundredHogsForEachCpuWithoutThePolicy(TestReporter reporter) throws Exception {
        hogs(500, 30, options(WATCHDOG.multipliedBy(4), OVERDUE), true, reporter);
    }

    private static SchedulerOptions options(Duration watchdog, Duration overdue) {
        return SchedulerOptions.builder()
                .name("many")
                .builtinIdle(false)
                .watchdogTimeout(watchdog)
                .overdueAfter(overdue)
                .build();
    }

    /// They all become runnable in one moment, and each needs a tenth of a millisecond.
    private static void crowd(int threads, TestReporter reporter) throws Exception {
        try (var scheduler =
                new AttachedScheduler(options(WATCHDOG, OVERDUE), new FifoPolicy(SLICE_NS))) {
            long start = System.nanoTime();
            try (var crowd = LoadProgram.start("crowd", "" + threads, "100")) {
                assertThat(crowd.numbers()).as("threads done").containsExactly((long) threads);
            }
            reporter.publishEntry(
                    threads + " threads, ms", (System.nanoTime() - start) / 1_000_000 + "");
            reporter.publishEntry(
                    "congestion events", scheduler.counters().congestionEvents() + "");
            Ledgers.exactAfterDetach(scheduler, reporter);
        }
    }

    /// @param silent whether the policy waits for ever meanwhile
    private static void hogs(
            int perCpu,
            int seconds,
            SchedulerOptions options,
            boolean silent,
            TestReporter reporter)
            throws Exception {
        AwayPolicy policy = AwayPolicy.waiting();
        try (var cpus = OnlineCpus.first(2);
                var scheduler = new AttachedScheduler(options, policy);
                policy) {
            if (silent) {
                policy.goAway();
            }
            int hogs = perCpu * cpus.count();
            try (var load = LoadProgram.start("hogs", "" + hogs, "" + seconds)) {
                List<Long> rounds = load.numbers();
                long fair = rounds.getFirst() / hogs;
                reporter.publishEntry(
                        hogs + " hogs",
                        "rounds: %d on average, %d at least".formatted(fair, rounds.getLast()));
                assertThat(rounds.getLast()).as("rounds of the one that ran least").isPositive();
            }
            reporter.publishEntry("silence", scheduler.counters().silence().toString());
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
            assertThat(scheduler.counters().silence().blocked() > 0 || !silent)
                    .as("the policy was away")
                    .isTrue();
            policy.comeBack();
            Ledgers.exactAfterDetach(scheduler, reporter);
        }
    }
}
