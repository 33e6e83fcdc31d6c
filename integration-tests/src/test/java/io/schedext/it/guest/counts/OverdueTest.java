// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.DispatchedTask;
import io.schedext.core.QueuedTask;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedCalls;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.SchedObserver.Event;
import io.schedext.it.guest.support.Waits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// A policy that forgets tasks delays them, and that is all it does.
class OverdueTest {

    private static final Duration OVERDUE = Duration.ofMillis(400);

    /// The bound is the kernel's own: its watchdog ends a scheduler that leaves a task waiting for
    /// so long. (How long they waited is reported: an emulated machine that stands still for a
    /// moment is no failure of ours.)
    private static final Duration WATCHDOG = Duration.ofSeconds(2);

    @Tag("conformance")
    @Test
    @Timeout(60)
    void forgottenTasksRunWhenTheyAreOverdue(TestReporter reporter) throws Exception {
        check(40, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(300)
    void manyForgottenTasksRunWhenTheyAreOverdue(TestReporter reporter) throws Exception {
        check(1_000, reporter);
    }

    /// Whoever is queued anew goes on waiting, by the watchdog's clock and so by ours: a task that
    /// is changed more often than it could become overdue becomes so all the same.
    @Test
    @Timeout(60)
    void changesOfAForgottenTaskBuyNoTime(TestReporter reporter) throws Exception {
        Fifo forgetsAll =
                new Fifo() {
                    @Override
                    boolean decide(QueuedTask task, DispatchedTask decision) {
                        return false;
                    }
                };
        try (var load = new Load()) {
            Family family = Family.sleepers(load, -1, 1, 3);
            try (var scheduler = new AttachedScheduler(options("churned"), forgetsAll);
                    var observer = new SchedObserver()) {
                family.go();
                int changes = 0;
                int pid = family.child();
                while (family.isAlive() && !scheduler.exited()) {
                    SchedCalls.setAffinity(pid, ++changes % 2 == 0 ? 0b11 : 0b10);
                    Thread.sleep(OVERDUE.toMillis() / 8);
                }
                long longest = Waits.all(observer.take()).most();
                Ledgers ledgers = Ledgers.exactAfterDetach(scheduler, reporter);
                reporter.publishEntry("changes", changes + "");
                reporter.publishEntry("longest wait, ms", longest / 1_000_000 + "");

                assertThat(ledgers.tasks().requeued()).as("requeued").isGreaterThan(5);
                assertThat(longest).as("longest wait").isGreaterThan(OVERDUE.toNanos());
            }
        }
    }

    /// One task comes after all others, which never sleep: it runs when it is overdue, again and
    /// again, although it was dispatched.
    @Test
    @Timeout(60)
    void aStrictOrderStarvesNobody(TestReporter reporter) throws Exception {
        int cpu = Cpus.COUNT - 1;
        try (var load = new Load()) {
            Process last = load.runningHog();
            List<Process> first = List.of(load.runningHog(), load.runningHog(), load.runningHog());
            Fifo strict =
                    new Fifo() {
                        @Override
                        boolean decide(QueuedTask task, DispatchedTask decision) {
                            decision.vtime(task.pid() == last.pid() ? 1 : 0);
                            return true;
                        }
                    };
            first.forEach(hog -> SchedCalls.setAffinity(hog.pid(), 1L << cpu));
            SchedCalls.setAffinity(last.pid(), 1L << cpu);
            try (var scheduler = new AttachedScheduler(options("strict"), strict);
                    var observer = new SchedObserver()) {
                Thread.sleep(5_000);
                observer.stop();
                List<Event> events =
                        observer.take().stream().filter(e -> e.pid() == last.pid()).toList();
                long rescued = scheduler.counters().rescuedTasks();
                Ledgers.exactAfterDetach(scheduler, reporter);
                long longest = Waits.all(events).most();
                reporter.publishEntry("rescued", rescued + "");
                reporter.publishEntry("longest wait, ms", longest / 1_000_000 + "");

                assertThat(rescued).as("rescued").isGreaterThan(5);
                assertThat(longest).as("longest wait of the last").isGreaterThan(OVERDUE.toNanos());
            }
        }
    }

    private static SchedulerOptions options(String name) {
        return Attach.partial()
                .name(name)
                .sliceNs(5_000_000)
                .overdueAfter(OVERDUE)
                .watchdogTimeout(WATCHDOG)
                .build();
    }

    /// Forgets every tenth.
    private static final class Forgetful extends Fifo {
        private long count;
        private long forgotten;

        @Override
        boolean decide(QueuedTask task, DispatchedTask decision) {
            count++;
            decision.vtime(count).cpu(DispatchedTask.ANY_CPU);
            if (count % 10 != 0) {
                return true;
            }
            forgotten++;
            return false;
        }
    }

    private static void check(int rounds, TestReporter reporter) throws Exception {
        Forgetful policy = new Forgetful();
        try (var load = new Load()) {
            List<Family> families =
                    List.of(
                            Family.sleepers(load, -1, 12, rounds),
                            Family.sleepers(load, 1, 6, rounds),
                            Family.hogs(load, 2, 2, 20_000 * rounds));
            try (var scheduler = new AttachedScheduler(options("overdue"), policy);
                    var observer = new SchedObserver()) {
                for (Family family : families) {
                    family.go();
                }
                assertThat(load.await(200)).as("every task finished").isTrue();
                long longest = Waits.all(observer.take()).most();
                Ledgers ledgers = Ledgers.exactAfterDetach(scheduler, reporter);
                reporter.publishEntry("forgotten", policy.forgotten + "");
                reporter.publishEntry("longest wait, ms", longest / 1_000_000 + "");

                assertThat(policy.forgotten).as("forgotten").isGreaterThan(20);
                // a decision that came too late for an overdue task is stale
                assertThat(ledgers.tasks().overdue())
                        .as("overdue, %d were forgotten", policy.forgotten)
                        .isEqualTo(policy.forgotten + ledgers.decisions().stale());
                assertThat(longest).as("longest wait").isGreaterThan(OVERDUE.toNanos());
            }
        }
    }
}
