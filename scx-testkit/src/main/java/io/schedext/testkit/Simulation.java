// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import io.schedext.core.Counters;
import io.schedext.core.HandOver;
import io.schedext.core.Policy;
import io.schedext.core.SchedulerOptions;
import io.schedext.testkit.internal.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A machine in memory that a policy schedules: time passes only in [#run(Duration)], and the same
/// seed gives the same run, to the nanosecond. One thread.
///
/// ```java
/// var simulation = Simulation.of(Machine.of(4), new FifoPolicy(20_000_000));
/// SimulatedTask hog = simulation.spawn("hog", Behaviour.hog());
/// simulation.run(Duration.ofSeconds(1));
/// ```
///
/// The policy is called by the run loop of `scx-core`, in a simulated thread that needs a CPU like
/// any other. What each call costs says [Machine.Costs]; what the policy itself computes costs
/// nothing.
public final class Simulation {

    private static final long USUAL_SEED = 1;

    private final Engine engine;
    private final long seed;

    private Simulation(Machine machine, SchedulerOptions options, Policy policy, long seed) {
        this.seed = seed;
        engine = new Engine(machine, options, policy, seed);
    }

    /// A simulation with the usual options.
    ///
    /// @param machine what is simulated
    /// @param policy what decides; a new one for each simulation
    /// @return at time 0, without tasks
    public static Simulation of(Machine machine, Policy policy) {
        SchedulerOptions options = SchedulerOptions.builder().name("simulated").build();
        return of(machine, policy, options, USUAL_SEED);
    }

    /// A simulation.
    ///
    /// @param machine what is simulated
    /// @param policy what decides; a new one for each simulation
    /// @param options of the scheduler; partial mode is not simulated
    /// @param seed of all that is random
    /// @return at time 0, without tasks
    public static Simulation of(
            Machine machine, Policy policy, SchedulerOptions options, long seed) {
        return new Simulation(machine, options, policy, seed);
    }

    /// Starts a task now, on any CPU.
    ///
    /// @param name what it is called; a policy sees 15 bytes of it
    /// @param behaviour what it does
    /// @return the task
    public SimulatedTask spawn(String name, Behaviour behaviour) {
        return engine.spawn(name, behaviour, false);
    }

    /// Starts tasks that do the same.
    ///
    /// @param count how many
    /// @param name each has a number behind it
    /// @param behaviour what each does
    /// @return the tasks
    public List<SimulatedTask> spawn(int count, String name, Behaviour behaviour) {
        List<SimulatedTask> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(spawn(name + "-" + i, behaviour));
        }
        return List.copyOf(all);
    }

    /// Starts a kernel thread, which the policy is never asked about.
    ///
    /// @param name what it is called
    /// @param behaviour what it does
    /// @return the task
    public SimulatedTask spawnKernelThread(String name, Behaviour behaviour) {
        return engine.spawn(name, behaviour, true);
    }

    /// Lets time pass.
    ///
    /// @param duration how much
    /// @return this
    /// @throws RuntimeException what the policy throws; the simulation is over then
    public Simulation run(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
        engine.run(duration.toNanos());
        return this;
    }

    /// Holds the loop up, as a garbage collection does: from then on, or as soon as it runs after
    /// that, it does nothing.
    ///
    /// @param in from now
    /// @param lasting for so long
    /// @return this
    public Simulation pauseLoop(Duration in, Duration lasting) {
        engine.pauseLoop(in.toNanos(), lasting.toNanos());
        return this;
    }

    /// Puts another policy in the place of this one, as [io.schedext.core.RunLoop#swap(Policy)]
    /// does: what this one holds back, the other is given first.
    ///
    /// @param next what decides from the next cycle on
    /// @return says when it has happened, and to how many tasks
    public HandOver swap(Policy next) {
        return engine.swap(next);
    }

    /// Wakes a task; one that does not sleep will not sleep next time.
    ///
    /// @param task of this simulation
    public void wake(SimulatedTask task) {
        engine.wake(task);
    }

    /// What is simulated.
    ///
    /// @return as at the start
    public Machine machine() {
        return engine.machine();
    }

    /// What made it random.
    ///
    /// @return as at the start
    public long seed() {
        return seed;
    }

    /// How much time has passed.
    ///
    /// @return since the start
    public Duration elapsed() {
        return Duration.ofNanos(engine.elapsed());
    }

    /// All tasks, also those that have ended, in the order of their ids.
    ///
    /// @return a live view
    public List<SimulatedTask> tasks() {
        return engine.tasks();
    }

    /// What the kernel side counted.
    ///
    /// @return a live view
    public Counters counters() {
        return engine.counters();
    }

    /// How many tasks are in custody of the policy now, counted one by one and not by the ledger.
    ///
    /// @return 0 or more
    public long tasksInCustody() {
        return engine.parked();
    }

    /// The task that waited for so long that the kernel's watchdog ended the scheduler.
    ///
    /// @return nobody while the scheduler lives
    public Optional<SimulatedTask> evictedFor() {
        return Optional.ofNullable(engine.evictedFor());
    }

    /// CPU time that was lost: CPUs were idle while tasks waited that may run on any of them.
    ///
    /// @return of all CPUs together
    public Duration idleWhileTasksWaited() {
        return Duration.ofNanos(engine.idleWhileWaitingNs());
    }

    /// A picture of who ran where and who waited, of the last quarter of a million runs: a page of
    /// HTML that needs nothing else.
    ///
    /// @param title what it shows
    /// @return the page
    public String timeline(String title) {
        String facts =
                "%d CPUs, %d tasks, %.3f s, seed %d: %d decisions by the policy, %d dispatches by the kernel side"
                        .formatted(
                                machine().cpus(),
                                tasks().size(),
                                elapsed().toNanos() / 1e9,
                                seed,
                                counters().userDispatches() + counters().bouncedDispatches(),
                                counters().kernelDispatches());
        return engine.picture(title, facts);
    }

    /// All that was measured, to the nanosecond: two runs are the same if theirs are.
    ///
    /// @return a text of many lines
    public String fingerprint() {
        StringBuilder all = new StringBuilder();
        all.append(counters().tasks()).append('\n').append(counters().decisions()).append('\n');
        all.append(counters().silence()).append(' ').append(loopRunTime()).append('\n');
        for (SimulatedTask task : tasks()) {
            all.append(task).append(": ran ").append(task.runTime());
            all.append(" in ").append(task.runs()).append(", waited ").append(task.waited());
            all.append(", at most ").append(task.longestWait());
            all.append(", moved ").append(task.migrations()).append(" times\n");
        }
        return all.toString();
    }

    /// What the loop itself used.
    ///
    /// @return CPU time
    public Duration loopRunTime() {
        return Duration.ofNanos(engine.loopRunNs());
    }
}
