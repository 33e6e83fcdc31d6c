// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.Counters;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.Silence;
import io.schedext.core.TaskLedger;
import io.schedext.it.guest.counts.Ledgers;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.LoadProgram;
import io.schedext.it.guest.support.OnlineCpus;
import io.schedext.it.guest.support.TaskFiles;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// A policy that does not come back: it computes for ever, or waits for ever. The kernel side goes
/// on without it.
class RunawayPolicyTest {

    private static final Duration WATCHDOG = Duration.ofMillis(1_500);

    /// A tenth, for which it is looked at each tick.
    private static final double MOST_OF_A_CPU = 0.15;

    @Test
    @Timeout(90)
    void anEndlessLoop(TestReporter reporter) throws Exception {
        Silence silence = check(2, 8, AwayPolicy.computing(), reporter);
        assertThat(silence.stalled()).as("stalled, %s", silence).isPositive();
    }

    @Test
    @Timeout(90)
    void anEndlessLoopOnTheOnlyCpu(TestReporter reporter) throws Exception {
        Silence silence = check(1, 8, AwayPolicy.computing(), reporter);
        assertThat(silence.stalled()).as("stalled, %s", silence).isPositive();
    }

    @Test
    @Timeout(90)
    void aLockThatNobodyReleases(TestReporter reporter) throws Exception {
        Silence silence = check(2, 8, AwayPolicy.waiting(), reporter);
        assertThat(silence.blocked()).as("blocked, %s", silence).isPositive();
    }

    @Test
    @Tag("full")
    @Timeout(200)
    void anEndlessLoopForLong(TestReporter reporter) throws Exception {
        for (int cpus : new int[] {1, 2, 4}) {
            check(cpus, 26, AwayPolicy.computing(), reporter);
        }
    }

    private static Silence check(int cpus, int turns, AwayPolicy policy, TestReporter reporter)
            throws Exception {
        SchedulerOptions options =
                SchedulerOptions.builder()
                        .name("runaway")
                        .partial(true)
                        .builtinIdle(false)
                        .watchdogTimeout(WATCHDOG)
                        .build();
        try (var _ = OnlineCpus.first(cpus);
                var scheduler = new AttachedScheduler(options, policy);
                policy) {
            Counters counters = scheduler.counters();
            policy.goAway();
            TaskFiles loop = TaskFiles.own(AttachedScheduler.LOOP);
            long start = System.nanoTime();
            long used = loop.runtimeNs();
            Throughput throughput = new Throughput(cpus, turns);
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
            double share = (double) (loop.runtimeNs() - used) / (System.nanoTime() - start);
            Silence silence = counters.silence();
            TaskLedger tasks = counters.tasks();
            policy.comeBack();
            awaitDispatches(counters, Duration.ofSeconds(1));
            Ledgers.exactAfterDetach(scheduler, reporter);
            reporter.publishEntry("silence, " + cpus + " CPUs", silence.toString());
            reporter.publishEntry("the loop, " + cpus + " CPUs", "%.3f of a CPU".formatted(share));
            // emulated CPUs take turns: while one of several waits for its own, its clock goes on
            if (cpus == 1) {
                assertThat(share).as("of a CPU for the loop").isLessThan(MOST_OF_A_CPU);
            }
            assertThat(counters.silentDispatches()).as("dispatched").isGreaterThan(100);
            assertThat(tasks.overdue()).as("overdue: the parks are emptied before").isZero();
            assertThat(tasks.opened()).as("opened: hardly any while it is silent").isLessThan(100);
            throughput.isKept("on " + cpus + " CPUs", reporter);
            return silence;
        }
    }

    /// Whether the policy decides again.
    private static void awaitDispatches(Counters counters, Duration limit)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long before = counters.userDispatches();
        while (counters.userDispatches() == before) {
            assertThat(System.nanoTime() - start)
                    .as("ns without a decision after it came back")
                    .isLessThan(limit.toNanos());
            LoadProgram.start("ext", "pingpong", "1", "0.05").await();
        }
    }
}
