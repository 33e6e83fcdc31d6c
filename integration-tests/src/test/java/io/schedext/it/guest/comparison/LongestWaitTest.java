// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Figures;
import io.schedext.it.guest.support.LoadProgram;
import io.schedext.it.guest.support.OnlineCpus;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.Waits;
import io.schedext.vruntime.VruntimePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// Nobody starves under `vruntime`, however many there are.
class LongestWaitTest {

    private static final Duration TICK = Duration.ofMillis(4);

    /// After so long a task is taken from the policy.
    private static final Duration OVERDUE = Duration.ofSeconds(2);

    /// What a wake-up and the two switches take on an emulated CPU.
    private static final Duration WAKE_UP = Duration.ofNanos(500_000);

    /// Hogs of equal weight take turns of a tick each, and in a round all that sleep may wake up
    /// once. Whoever is overdue meanwhile goes before all others of the kernel side, which take
    /// turns with those that were decided: two rounds, then.
    private static Duration bound(int hogsPerCpu, int sleepersPerCpu) {
        return OVERDUE.plus(TICK.multipliedBy(2L * hogsPerCpu))
                .plus(WAKE_UP.multipliedBy(2L * sleepersPerCpu));
    }

    @Test
    @Timeout(120)
    void fiftyHogsForEachCpuAndAThousandSleepers(TestReporter reporter) throws Exception {
        check(50, 1_000, 1_000, 5, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(400)
    void fiveHundredHogsForEachCpuAndTenThousandSleepers(TestReporter reporter) throws Exception {
        check(500, 10_000, 10_000, 30, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(200)
    void aStormOfForks(TestReporter reporter) throws Exception {
        watch(
                "storm of forks",
                bound(4, 4),
                20,
                reporter,
                new String[] {"ext", "forks", "60"},
                new String[] {"ext", "hogs", "8", "60"});
    }

    private static void check(
            int hogsPerCpu, int sleepers, int periodMs, int seconds, TestReporter reporter)
            throws Exception {
        watch(
                hogsPerCpu + " hogs per CPU, " + sleepers + " sleepers",
                bound(hogsPerCpu, sleepers / 2),
                seconds,
                reporter,
                new String[] {"ext", "hogs", 2 * hogsPerCpu + "", 3 * seconds + 20 + ""},
                new String[] {
                    "ext", "sleepers", sleepers + "", periodMs + "", 3 * seconds + 15 + ""
                });
    }

    private static void watch(
            String what, Duration bound, int seconds, TestReporter reporter, String[]... loads)
            throws Exception {
        // as the command has them
        SchedulerOptions options =
                SchedulerOptions.builder()
                        .name("vruntime")
                        .watchdogTimeout(Duration.ofSeconds(30))
                        .overdueAfter(OVERDUE)
                        .build();
        try (var cpus = OnlineCpus.first(2);
                var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(options, new VruntimePolicy());
                var first = LoadProgram.start(loads[0]);
                var second = LoadProgram.start(loads[1])) {
            Thread.sleep(3_000); // all have been started
            observer.take();
            List<SchedObserver.Event> events = new ArrayList<>();
            for (int passed = 0; passed < seconds; passed++) {
                Thread.sleep(1_000);
                events.addAll(observer.take());
            }
            observer.stop();
            events.addAll(observer.take());
            assertThat(first.isAlive() || second.isAlive()).as("a load runs").isTrue();
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
            Figures waits = Waits.all(events);
            reporter.publishEntry(what + ", waits", waits.toString());
            reporter.publishEntry("bound, ms", bound.toMillis() + "");
            reporter.publishEntry(
                    "overdue, rescued",
                    scheduler.counters().tasks().overdue()
                            + ", "
                            + scheduler.counters().rescuedTasks());
            assertThat(cpus.count()).isEqualTo(2);
            assertThat(waits.count()).isGreaterThan(100);
            assertThat(Duration.ofNanos(waits.most())).as("longest wait").isLessThan(bound);
        }
    }
}
