// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import io.schedext.core.Counters;
import io.schedext.core.TaskLedger;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.assertj.core.api.AbstractAssert;

/// What a scheduler should be able to say of itself. Each message tells which task, when and why.
///
/// ```java
/// assertThat(simulation).lostNoTask().letNobodyWaitLongerThan(Duration.ofMillis(100));
/// ```
public final class SimulationAssert extends AbstractAssert<SimulationAssert, Simulation> {

    private SimulationAssert(Simulation actual) {
        super(actual, SimulationAssert.class);
    }

    /// Begins.
    ///
    /// @param actual what has run
    /// @return the assertions
    public static SimulationAssert assertThat(Simulation actual) {
        return new SimulationAssert(actual);
    }

    /// Custody: what was handed to the policy has come back or is still parked, task for task.
    ///
    /// @return this
    public SimulationAssert lostNoTask() {
        isNotNull();
        TaskLedger ledger = actual.counters().tasks();
        long parked = actual.tasksInCustody();
        if (ledger.held() != parked) {
            failWithMessage(
                    "%d tasks are in custody, but by the ledger it should be %d: %s%s",
                    parked, ledger.held(), ledger, seed());
        }
        return this;
    }

    /// The kernel's watchdog did not end the scheduler.
    ///
    /// @return this
    public SimulationAssert wasNotEvicted() {
        isNotNull();
        actual.evictedFor()
                .ifPresent(task ->
                        failWithMessage(
                                "the kernel ended the scheduler: %s%s", wait(task), seed()));
        return this;
    }

    /// No task was decided by anybody but the policy because it had waited for too long, and the
    /// policy was never without an answer.
    ///
    /// @return this
    public SimulationAssert decidedEverythingInTime() {
        isNotNull();
        Counters counters = actual.counters();
        long overdue = counters.tasks().overdue();
        long others =
                counters.rescuedTasks() + counters.silentDispatches() + counters.congestionEvents();
        if (overdue + others > 0) {
            failWithMessage(
                    "%d tasks were overdue before a decision and %d after it, %d were dispatched without"
                            + " one while the loop was silent, %d because the ring was full; the"
                            + " longest wait: %s%s",
                    overdue,
                    counters.rescuedTasks(),
                    counters.silentDispatches(),
                    counters.congestionEvents(),
                    wait(longestWaiting()),
                    seed());
        }
        return this;
    }

    /// Starvation: each wait for a CPU, the present ones included, was short enough.
    ///
    /// @param limit the longest that is
    /// @return this
    public SimulationAssert letNobodyWaitLongerThan(Duration limit) {
        isNotNull();
        SimulatedTask task = longestWaiting();
        if (task != null && task.longestWait().compareTo(limit) > 0) {
            failWithMessage("%s; %s is the limit%s", wait(task), ms(limit), seed());
        }
        return this;
    }

    /// Latency: after a wake-up tasks did not wait long.
    ///
    /// @param tasks of this simulation
    /// @param percentile 0 to 100
    /// @param limit that many of a hundred waits are no longer
    /// @return this
    public SimulationAssert wokeUpWithin(
            Collection<SimulatedTask> tasks, double percentile, Duration limit) {
        isNotNull();
        for (SimulatedTask task : tasks) {
            Duration latency = task.wakeUpLatency(percentile);
            boolean never = task.wakeUps() > 0 && task.runs() == 0;
            if (latency.compareTo(limit) > 0 || never && task.longestWait().compareTo(limit) > 0) {
                failWithMessage(
                        "%s woke up %d times, and %s %% of the waits took up to %s, not %s; %s%s",
                        task,
                        task.wakeUps(),
                        percentile,
                        ms(latency),
                        ms(limit),
                        wait(task),
                        seed());
            }
        }
        return this;
    }

    /// Fairness: tasks that always want a CPU had shares as their weights are.
    ///
    /// @param tasks of this simulation that started together and were always runnable
    /// @param tolerance how far a share may be from the one due, in parts of that one
    /// @return this
    public SimulationAssert sharedByWeight(Collection<SimulatedTask> tasks, double tolerance) {
        isNotNull();
        double weights = tasks.stream().mapToDouble(SimulatedTask::weight).sum();
        double used = tasks.stream().mapToDouble(task -> task.runTime().toNanos()).sum();
        for (SimulatedTask task : tasks) {
            double due = used * task.weight() / weights;
            double error = task.runTime().toNanos() / due - 1;
            if (!(Math.abs(error) <= tolerance)) {
                failWithMessage(
                        "%s, of weight %d among %d tasks of %.0f together, ran for %s where %s were"
                                + " due: %+.1f %%, and %.1f %% is the tolerance; %s%s",
                        task,
                        task.weight(),
                        tasks.size(),
                        weights,
                        ms(task.runTime()),
                        ms(Duration.ofNanos(Math.round(due))),
                        100 * error,
                        100 * tolerance,
                        wait(task),
                        seed());
            }
        }
        return this;
    }

    /// Work conservation: CPUs were hardly ever idle while tasks waited that could run there.
    ///
    /// @param share of the machine's CPU time that may be lost, 0 to 1
    /// @return this
    public SimulationAssert keptCpusBusy(double share) {
        isNotNull();
        Duration lost = actual.idleWhileTasksWaited();
        double all = (double) actual.elapsed().toNanos() * actual.machine().cpus();
        if (lost.toNanos() > share * all) {
            failWithMessage(
                    "CPUs were idle for %s in all while tasks waited that could run there: %.2f %% of"
                            + " %d CPUs, and %.2f %% is the limit; the longest wait: %s%s",
                    ms(lost),
                    100 * lost.toNanos() / all,
                    actual.machine().cpus(),
                    100 * share,
                    wait(longestWaiting()),
                    seed());
        }
        return this;
    }

    private SimulatedTask longestWaiting() {
        return actual.tasks().stream()
                .max(Comparator.comparing(SimulatedTask::longestWait))
                .orElse(null);
    }

    private static String wait(SimulatedTask task) {
        if (task == null) {
            return "there was no task";
        }
        Duration wait = task.longestWait();
        Duration undecided = task.longestWaitForADecision();
        Duration began = task.longestWaitBegan();
        String why =
                undecided.multipliedBy(2).compareTo(wait) > 0
                        ? "%s of it for the policy's decision".formatted(ms(undecided))
                        : "%s of it after the decision, for a CPU"
                                .formatted(ms(wait.minus(undecided)));
        return "%s waited for %s from %s on, %s".formatted(task, ms(wait), ms(began), why);
    }

    private static String ms(Duration duration) {
        return String.format(Locale.ROOT, "%.3f ms", duration.toNanos() / 1e6);
    }

    private String seed() {
        return " [seed %d]".formatted(actual.seed());
    }
}
