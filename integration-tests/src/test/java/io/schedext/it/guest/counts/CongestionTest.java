// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.KernelSide;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Figures;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedCalls;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.SchedObserver.Event;
import io.schedext.it.guest.support.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// A policy that leaves its records in the ring until the ring is full: who finds no place runs by
/// the kernel side, who has one runs when it is overdue, and afterwards all is as before.
class CongestionTest {

    private static final long CONGESTIONS = 500;

    private static final String FORKS =
            "for (1..300) { my $p = fork; exit 0 if defined $p && !$p; waitpid $p, 0 if $p }";

    /// Does not look at the ring until it is told to, then decides all there is.
    private static final class Blocked extends Fifo {
        private volatile boolean blocked = true;

        @Override
        public long schedule(KernelSide kernel) {
            return blocked ? 0 : super.schedule(kernel);
        }
    }

    /// By weight the light one's turn comes every other second here, behind three that never sleep.
    /// Who is overdue goes first, in the queues of the kernel side too.
    @Test
    @Tag("full")
    @Timeout(60)
    void nobodyStarvesOnTheKernelSide(TestReporter reporter) throws Exception {
        int cpu = Cpus.COUNT - 1;
        SchedulerOptions options =
                SchedulerOptions.builder()
                        .name("congested")
                        .partial(true)
                        .builtinIdle(false)
                        .sliceNs(5_000_000)
                        .overdueAfter(Duration.ofMillis(20))
                        .build();
        Blocked policy = new Blocked();
        try (var load = new Load()) {
            int light = (int) load.runningHog().pid();
            SchedCalls.setNice(light, 19);
            List<Integer> all = new ArrayList<>(List.of(light));
            for (int i = 0; i < 3; i++) {
                all.add((int) load.runningHog().pid());
            }
            all.forEach(pid -> SchedCalls.setAffinity(pid, 1L << cpu));
            Family sleepers = Family.sleepers(load, -1, 60, Integer.MAX_VALUE);
            try (var scheduler = new AttachedScheduler(options, policy);
                    var observer = new SchedObserver()) {
                sleepers.go();
                Await.until(
                        30,
                        "the ring is full",
                        () -> scheduler.counters().congestionEvents() > 100);
                observer.take();
                Thread.sleep(4_000);
                observer.stop();
                assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
                List<Event> events =
                        observer.take().stream().filter(e -> e.pid() == light).toList();
                Figures waits = Waits.all(events);
                reporter.publishEntry("waits of the light one", waits.toString());
                assertThat(waits.count()).as("waits").isGreaterThan(10);
                assertThat(waits.most())
                        .as("the light one's longest wait, ns")
                        .isLessThan(500_000_000);
            }
        }
    }

    @Test
    @Timeout(60)
    void tasksRunThoughTheRingIsFull(TestReporter reporter) throws Exception {
        SchedulerOptions options =
                Attach.partial()
                        .name("congested")
                        // each task leaves the ring a record, and has to run to leave another one
                        .overdueAfter(Duration.ofMillis(10))
                        .build();
        Blocked policy = new Blocked();
        try (var load = new Load()) {
            Family forkers = Family.of(load, -1, 4, FORKS);
            Family sleepers = Family.sleepers(load, -1, 60, 250);
            try (var scheduler = new AttachedScheduler(options, policy)) {
                var counters = scheduler.counters();
                sleepers.go();
                forkers.go();
                long start = System.nanoTime();
                while (counters.congestionEvents() < CONGESTIONS && !scheduler.exited()) {
                    Thread.sleep(20);
                }
                long full = counters.queued();
                long capacity = Rings.capacityForTasks();
                reporter.publishEntry(
                        "ms to congestion", (System.nanoTime() - start) / 1_000_000 + "");
                policy.blocked = false;
                assertThat(load.await(40)).as("every task finished").isTrue();
                long atEnd = counters.queued();
                Ledgers ledgers = Ledgers.exactAfterDetach(scheduler, reporter);
                reporter.publishEntry("congestion events", counters.congestionEvents() + "");
                reporter.publishEntry("records in the full ring", full + "");

                assertThat(full).as("records in the full ring").isEqualTo(capacity);
                assertThat(counters.congestionEvents()).isGreaterThanOrEqualTo(CONGESTIONS);
                assertThat(atEnd).as("records left").isZero();
                assertThat(ledgers.tasks().overdue()).as("overdue").isPositive();
                assertThat(ledgers.tasks().user()).as("decided after the jam").isPositive();
                // their records told of a custody that was over when the policy read them
                assertThat(ledgers.decisions().stale() + ledgers.decisions().gone())
                        .as("late decisions")
                        .isPositive();
            }
        }
    }
}
