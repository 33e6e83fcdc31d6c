// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.Policy;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.Silence;
import io.schedext.core.TaskLedger;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedCalls;
import io.schedext.it.guest.support.TaskFiles;
import io.schedext.testkit.Behaviour;
import io.schedext.testkit.Machine;
import io.schedext.testkit.SimulatedTask;
import io.schedext.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Runs a load under a policy in this kernel, and the same in the simulator.
///
/// @param options of the scheduler
/// @param policies gives a new policy for each
/// @param tasks the load
/// @param measured for so long, after a while to settle
/// @param heldUp whether the loop is held up meanwhile
record Both(
        SchedulerOptions options,
        Supplier<? extends Policy> policies,
        List<Task> tasks,
        Duration measured,
        boolean heldUp) {

    private static final Duration SETTLES = Duration.ofMillis(700);

    /// What a task does: computes on, or sleeps most of the time.
    ///
    /// @param cpu the only one it may use, or -1
    /// @param sleepMs 0 for one that computes on
    record Task(int nice, int cpu, int sleepMs) {

        static Task hog(int nice, int cpu) {
            return new Task(nice, cpu, 0);
        }

        static Task sleeper(int cpu, int sleepMs) {
            return new Task(0, cpu, sleepMs);
        }

        Behaviour behaviour() {
            return sleepMs == 0
                    ? Behaviour.hog()
                    : Behaviour.sleeper(Duration.ofNanos(200_000), Duration.ofMillis(sleepMs));
        }
    }

    /// What came of it.
    ///
    /// @param shares of each task, of the CPU time of all, in parts of a hundred
    /// @param ledger since before the load
    /// @param silence likewise
    record Outcome(List<Double> shares, TaskLedger ledger, Silence silence) {

        @Override
        public String toString() {
            return shares.stream().map(s -> String.format(Locale.ROOT, "%.1f", s)).toList()
                    + " "
                    + ledger;
        }
    }

    Outcome real() throws Exception {
        AtomicBoolean away = new AtomicBoolean();
        CompletableFuture<Void> back = new CompletableFuture<>();
        Policy policy = policies.get();
        Policy sometimesAway =
                kernel -> {
                    if (away.get()) {
                        back.join();
                    }
                    return policy.schedule(kernel);
                };
        try (var scheduler = new AttachedScheduler(options, sometimesAway)) {
            List<Long> used;
            try (var load = new Load()) {
                List<TaskFiles> files = start(load);
                Thread.sleep(SETTLES);
                away.set(heldUp);
                Thread.sleep(SETTLES);
                List<Long> before = files.stream().map(TaskFiles::runtimeNs).toList();
                Thread.sleep(measured);
                used = differences(files.stream().map(TaskFiles::runtimeNs).toList(), before);
                assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
            } finally {
                back.complete(null);
            }
            scheduler.detach();
            return new Outcome(
                    shares(used), scheduler.counters().tasks(), scheduler.counters().silence());
        }
    }

    private List<TaskFiles> start(Load load) throws Exception {
        List<TaskFiles> files = new ArrayList<>();
        for (Task task : tasks) {
            long pid =
                    task.sleepMs == 0
                            ? load.runningHog().pid()
                            : load.sleeper(-1, Integer.MAX_VALUE, task.sleepMs / 1e3).pid();
            assertThat(SchedCalls.setNice(pid, task.nice)).isZero();
            if (task.cpu >= 0) {
                assertThat(SchedCalls.setAffinity(pid, 1L << task.cpu)).isZero();
            }
            files.add(TaskFiles.of(pid));
        }
        return files;
    }

    Outcome simulated() {
        Simulation simulation = Simulation.of(Machine.of(Cpus.COUNT), policies.get(), options, 1);
        List<SimulatedTask> all = new ArrayList<>();
        for (Task task : tasks) {
            SimulatedTask simulated = simulation.spawn("task", task.behaviour()).nice(task.nice);
            if (task.cpu >= 0) {
                simulated.cpus(task.cpu);
            }
            all.add(simulated);
        }
        simulation.run(SETTLES);
        if (heldUp) {
            simulation.pauseLoop(Duration.ZERO, SETTLES.plus(measured));
        }
        simulation.run(SETTLES);
        List<Long> before = all.stream().map(task -> task.runTime().toNanos()).toList();
        simulation.run(measured);
        List<Long> after = all.stream().map(task -> task.runTime().toNanos()).toList();
        return new Outcome(
                shares(differences(after, before)),
                simulation.counters().tasks(),
                simulation.counters().silence());
    }

    private static List<Long> differences(List<Long> after, List<Long> before) {
        return IntStream.range(0, after.size())
                .mapToObj(i -> after.get(i) - before.get(i))
                .toList();
    }

    private static List<Double> shares(List<Long> used) {
        double all = used.stream().mapToLong(ns -> ns).sum();
        return used.stream().map(ns -> 100 * ns / all).toList();
    }
}
