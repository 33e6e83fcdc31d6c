// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import static io.schedext.testkit.SimulationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.DispatchedTask;
import io.schedext.core.HandOver;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.TaskQueue;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Policies that take turns in a machine that goes on.
class PolicyChangeTest {

    /// A loop without a CPU gets one after four ticks at most.
    private static final Duration TURN = Duration.ofMillis(30);

    private static final List<Supplier<Policy>> POLICIES =
            List.of(Policies::fifo, () -> Policies.fair(4_000_000), HoldsBack::new);

    @Test
    void nobodyIsLostWhenPoliciesChangeAHundredTimes() {
        Simulation simulation = Simulation.of(Machine.of(4), new HoldsBack());
        simulation.spawn(10, "hog", Behaviour.hog());
        simulation.spawn(
                20, "sleeper", Behaviour.sleeper(Duration.ofNanos(200_000), Duration.ofMillis(3)));
        simulation.run(TURN);
        int handed = 0;
        for (int i = 0; i < 100; i++) {
            HandOver handOver = simulation.swap(POLICIES.get(i % POLICIES.size()).get());
            simulation.run(TURN);
            assertThat(handOver.done()).as("hand-over %d", i).isTrue();
            handed += handOver.tasks();
        }
        assertThat(handed).as("tasks that were held back").isGreaterThan(100);
        assertThat(simulation.counters().tasks().overdue()).as("that nobody decided").isZero();
        assertThat(simulation)
                .lostNoTask()
                .letNobodyWaitLongerThan(Duration.ofMillis(200))
                .keptCpusBusy(0.99);
    }

    @Test
    void whatIsDecidedAfterAChangeIsTheNewPolicys() {
        SchedulerOptions options =
                SchedulerOptions.builder().name("test").builtinIdle(false).build();
        Simulation simulation = Simulation.of(Machine.of(2), Policies.fifo(), options, 1);
        List<SimulatedTask> tasks =
                simulation.spawn(
                        4, "task", Behaviour.sleeper(Duration.ofMillis(5), Duration.ofMillis(1)));
        simulation.run(Duration.ofMillis(100));
        simulation.swap(Policies.each((_, decision) -> decision.cpu(1)));
        simulation.run(Duration.ofMillis(100));
        Duration before = runTime(tasks);
        simulation.run(Duration.ofMillis(100));
        assertThat(runTime(tasks).minus(before))
                .as("on one CPU of two")
                .isBetween(Duration.ofMillis(90), Duration.ofMillis(100));
    }

    private static Duration runTime(List<SimulatedTask> tasks) {
        return tasks.stream().map(SimulatedTask::runTime).reduce(Duration.ZERO, Duration::plus);
    }

    /// Holds all back until there are eight, and then the oldest ones.
    private static final class HoldsBack implements Policy {

        private final TaskQueue held = new TaskQueue(64);
        private final DispatchedTask decision = new DispatchedTask();

        @Override
        public long schedule(KernelSide kernel) {
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                held.add(task, 0);
            }
            while (held.size() > 8) {
                kernel.dispatchTask(decision.of(held.first()).cpu(DispatchedTask.ANY_CPU));
                held.removeFirst();
            }
            return held.size();
        }
    }
}
