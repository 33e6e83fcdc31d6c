// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.Counters;
import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.TaskLedger;
import io.schedext.it.guest.conformance.Both.Outcome;
import io.schedext.it.guest.conformance.Both.Task;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedCalls;
import io.schedext.testkit.Behaviour;
import io.schedext.testkit.Machine;
import io.schedext.testkit.SimulatedTask;
import io.schedext.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// What can be counted to the last one is the same in the simulator of `scx-testkit` and in this
/// kernel: who comes after whom, decisions that come too late, and a ring that is full.
class CountsConformanceTest {

    private static final int CHANGES = 60;

    private static final SchedulerOptions PATIENT =
            Attach.partial()
                    .watchdogTimeout(Duration.ofSeconds(20))
                    .overdueAfter(Duration.ofSeconds(8))
                    .build();

    /// Decides in order of arrival, with the same slice; keeps who came.
    private static final class Fifo implements Policy {
        private final DispatchedTask decision = new DispatchedTask();
        private final List<Integer> came = new ArrayList<>();

        @Override
        public long schedule(KernelSide kernel) {
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                came.add(task.pid());
                kernel.dispatchTask(decision.of(task).cpu(Cpus.COUNT - 1).sliceNs(6_000_000));
            }
            return 0;
        }

        /// In how many turns so many tasks came once each, in parts of a hundred; at the end of the
        /// load, but for its very end.
        double rounds(int tasks) {
            List<Integer> last = came.subList(came.size() - 150, came.size() - 30);
            int turns = last.size() - tasks + 1;
            int rounds = 0;
            for (int i = 0; i < turns; i++) {
                rounds += new HashSet<>(last.subList(i, i + tasks)).size() == tasks ? 1 : 0;
            }
            return 100.0 * rounds / turns;
        }
    }

    /// Does as told: decides, takes records and keeps them, or leaves them where they are.
    private static final class Late implements Policy {
        private enum Mode {
            DECIDES,
            KEEPS,
            LEAVES
        }

        private final DispatchedTask decision = new DispatchedTask();
        private final List<QueuedTask> kept = new ArrayList<>();
        private volatile Mode mode;

        Late(Mode mode) {
            this.mode = mode;
        }

        @Override
        public long schedule(KernelSide kernel) {
            if (mode == Mode.LEAVES) {
                return 0;
            }
            if (mode == Mode.DECIDES) {
                kept.forEach(task -> kernel.dispatchTask(decision.of(task)));
                kept.clear();
            }
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                if (mode == Mode.KEEPS) {
                    kept.add(task.copy());
                } else {
                    kernel.dispatchTask(decision.of(task));
                }
            }
            return kept.size();
        }
    }

    /// Hogs of one CPU take turns, and none comes twice before all have come.
    @Test
    @Timeout(60)
    void theOrderOfArrival(TestReporter reporter) throws Exception {
        List<Task> tasks = Stream.generate(() -> Task.hog(0, Cpus.COUNT - 1)).limit(6).toList();
        List<Fifo> policies = List.of(new Fifo(), new Fifo());
        var unused = policies.iterator();
        Both both =
                new Both(
                        Attach.partial().build(),
                        unused::next,
                        tasks,
                        Duration.ofSeconds(1),
                        false);
        List<Outcome> outcomes = List.of(both.real(), both.simulated());
        reporter.publishEntry("kernel, simulated", outcomes.toString());
        for (Fifo policy : policies) {
            assertThat(policy.came.size()).isGreaterThan(200);
            assertThat(policy.rounds(tasks.size())).as("turns that are a round").isEqualTo(100);
        }
        for (Outcome outcome : outcomes) {
            assertThat(outcome.ledger().overdue() + outcome.ledger().bounced()).isZero();
        }
    }

    /// A parked task whose affinity changes is queued anew where it was, and once more where it
    /// goes. Then all of its records are decided: the last one holds, the others are stale.
    @Test
    @Timeout(60)
    void decisionsThatCameTooLate(TestReporter reporter) throws Exception {
        Late policy = new Late(Late.Mode.DECIDES);
        try (var scheduler = new AttachedScheduler(PATIENT, policy);
                var load = new Load()) {
            Counters counters = scheduler.counters();
            long pid = load.runningHog().pid();
            assertThat(SchedCalls.setAffinity(pid, 1)).isZero();
            policy.mode = Late.Mode.KEEPS;
            assertThat(SchedCalls.setAffinity(pid, 2)).isZero();
            Await.until(10, "it is parked", () -> counters.tasks().held() == 1);
            TaskLedger before = counters.tasks();
            for (int i = 1; i <= CHANGES; i++) {
                assertThat(SchedCalls.setAffinity(pid, 1L << (i + 1) % Cpus.COUNT)).isZero();
            }
            policy.mode = Late.Mode.DECIDES;
            Await.until(10, "it runs", () -> counters.tasks().held() == 0);
            check("kernel", before, counters, reporter);
        }

        Late simulated = new Late(Late.Mode.KEEPS);
        Simulation simulation = Simulation.of(Machine.of(Cpus.COUNT), simulated, PATIENT, 1);
        SimulatedTask hog = simulation.spawn("hog", Behaviour.hog()).cpus(0);
        simulation.run(Duration.ofMillis(200));
        TaskLedger before = simulation.counters().tasks();
        for (int i = 1; i <= CHANGES; i++) {
            hog.cpus(i % Cpus.COUNT);
        }
        simulation.run(Duration.ofMillis(200));
        simulated.mode = Late.Mode.DECIDES;
        simulation.run(Duration.ofMillis(200));
        check("simulated", before, simulation.counters(), reporter);
        assertThat(simulation.counters().tasks().requeued()).isEqualTo(2L * CHANGES);
    }

    private static void check(
            String which, TaskLedger before, Counters counters, TestReporter reporter) {
        TaskLedger tasks = counters.tasks();
        long stale = counters.decisions().stale();
        reporter.publishEntry(which, "stale " + stale);
        long requeued = tasks.requeued() - before.requeued();
        assertThat(stale).as("stale, %s", which).isEqualTo(tasks.requeued());
        assertThat(requeued).as("queued anew, %s", which).isBetween(2L * CHANGES - 2, 2L * CHANGES);
        assertThat(tasks.user() - before.user()).as("carried out, %s", which).isEqualTo(1);
        assertThat(tasks.overdue()).as("overdue, %s", which).isZero();
    }

    /// Nobody takes a record. The ring holds so many, and who comes after that goes to the kernel
    /// side; as soon as the records are taken, tasks are handed over again.
    @Test
    @Timeout(60)
    void aRingThatIsFull(TestReporter reporter) throws Exception {
        int tasks = 20;
        // each leaves a record, and has to run to leave another one
        SchedulerOptions options = Attach.partial().overdueAfter(Duration.ofMillis(10)).build();
        Late policy = new Late(Late.Mode.LEAVES);
        long capacity;
        try (var scheduler = new AttachedScheduler(options, policy);
                var load = new Load()) {
            for (int i = 0; i < tasks; i++) {
                load.sleeper(-1, Integer.MAX_VALUE, 0.001);
            }
            Counters counters = scheduler.counters();
            Await.until(40, "the ring is full", () -> counters.congestionEvents() > 200);
            capacity = counters.queued();
            fullRing("kernel", counters, capacity, reporter);
            policy.mode = Late.Mode.DECIDES;
            Await.until(10, "decisions again", () -> counters.tasks().user() > 100);
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
            handedOverAgain(counters, capacity);
        }

        Late simulated = new Late(Late.Mode.LEAVES);
        Simulation simulation = Simulation.of(Machine.of(Cpus.COUNT), simulated, options, 1);
        simulation.spawn(
                tasks,
                "sleeper",
                Behaviour.sleeper(Duration.ofNanos(100_000), Duration.ofMillis(1)));
        for (int i = 0; i < 100 && simulation.counters().congestionEvents() <= 200; i++) {
            simulation.run(Duration.ofMillis(100));
        }
        fullRing("simulated", simulation.counters(), capacity, reporter);
        simulated.mode = Late.Mode.DECIDES;
        simulation.run(Duration.ofMillis(300));
        handedOverAgain(simulation.counters(), capacity);
    }

    private static void fullRing(
            String which, Counters counters, long capacity, TestReporter reporter) {
        TaskLedger ledger = counters.tasks();
        reporter.publishEntry(which, ledger + ", congested " + counters.congestionEvents());
        assertThat(counters.congestionEvents()).as("congested, %s", which).isGreaterThan(200);
        assertThat(counters.queued()).as("records, %s", which).isEqualTo(capacity);
        assertThat(ledger.opened()).as("handed over, %s", which).isEqualTo(capacity);
        assertThat(ledger.user()).as("decided, %s", which).isZero();
        // nearly all ran since: who did so by the sweep was overdue
        assertThat(ledger.overdue()).as("overdue, %s", which).isGreaterThan(capacity - 200);
    }

    private static void handedOverAgain(Counters counters, long capacity) {
        TaskLedger ledger = counters.tasks();
        assertThat(ledger.opened()).isGreaterThan(capacity);
        assertThat(ledger.user()).isGreaterThan(100);
        // their records told of a custody that was over
        assertThat(counters.decisions().stale()).isGreaterThan(capacity - 200);
    }
}
