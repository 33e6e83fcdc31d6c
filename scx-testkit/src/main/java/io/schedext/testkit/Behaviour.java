// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// What tasks of one kind do: each task that is spawned with it begins a script of its own.
@FunctionalInterface
public interface Behaviour {

    /// Begins what one task does.
    ///
    /// @param random the task's own numbers, which follow from the simulation's seed
    /// @return asked for a step whenever the one before is done
    Script begin(RandomGenerator random);

    /// What one task does, step by step.
    @FunctionalInterface
    interface Script {

        /// The next step.
        ///
        /// @param self the task
        /// @return what it does next
        Step next(SimulatedTask self);
    }

    /// One step of a script.
    sealed interface Step {

        /// Computes.
        ///
        /// @param ns nanoseconds on a CPU of speed 1, above 0; [Long#MAX_VALUE] for ever
        record Run(long ns) implements Step {
            /// Checks it.
            public Run {
                if (ns <= 0) {
                    throw new IllegalArgumentException("a task runs for more than 0 ns: " + ns);
                }
            }
        }

        /// Sleeps, unless it is woken earlier.
        ///
        /// @param ns nanoseconds, 0 or more; [Long#MAX_VALUE] until it is woken
        record Sleep(long ns) implements Step {
            /// Checks it.
            public Sleep {
                if (ns < 0) {
                    throw new IllegalArgumentException("a task sleeps for 0 ns or more: " + ns);
                }
            }
        }

        /// Wakes another task; one that does not sleep will not sleep next time.
        ///
        /// @param task the other
        record Wake(SimulatedTask task) implements Step {}

        /// Starts another task, with the same affinity and nice value.
        ///
        /// @param name the child's
        /// @param behaviour the child's
        record Fork(String name, Behaviour behaviour) implements Step {}

        /// Changes its own nice value.
        ///
        /// @param nice -20 to 19
        record Nice(int nice) implements Step {}

        /// Changes its own affinity.
        ///
        /// @param cpus those it may use, at least one that exists
        record Affinity(List<Integer> cpus) implements Step {
            /// Copies them.
            public Affinity {
                cpus = List.copyOf(cpus);
            }
        }

        /// Gives its CPU away, and is runnable on.
        record Yield() implements Step {}

        /// Ends the task.
        record Exit() implements Step {}
    }

    /// Computes for ever.
    ///
    /// @return a behaviour
    static Behaviour hog() {
        Step forEver = new Step.Run(Long.MAX_VALUE);
        return _ -> _ -> forEver;
    }

    /// Computes, then ends.
    ///
    /// @param work CPU time
    /// @return a behaviour
    static Behaviour job(Duration work) {
        return steps(new Step.Run(work.toNanos()));
    }

    /// Computes and sleeps in turns.
    ///
    /// @param work CPU time of each turn
    /// @param sleep time between the turns
    /// @return a behaviour
    static Behaviour sleeper(Duration work, Duration sleep) {
        return repeat(new Step.Run(work.toNanos()), new Step.Sleep(sleep.toNanos()));
    }

    /// Computes at fixed times, as a game or a sound card does; a turn that takes too long begins
    /// the next one late, and none is left out.
    ///
    /// @param period time from each turn's beginning to the next one's
    /// @param work CPU time of each turn
    /// @return a behaviour
    static Behaviour periodic(Duration period, Duration work) {
        Step run = new Step.Run(work.toNanos());
        long every = period.toNanos();
        return _ ->
                new Script() {
                    private long due = Long.MIN_VALUE;
                    private boolean runs;

                    @Override
                    public Step next(SimulatedTask self) {
                        long now = self.nanoTime();
                        if (due == Long.MIN_VALUE) {
                            due = now;
                        }
                        runs = !runs;
                        if (runs) {
                            return run;
                        }
                        due += every;
                        return new Step.Sleep(Math.max(0, due - now));
                    }
                };
    }

    /// Computes and sleeps in turns of exponentially distributed length.
    ///
    /// @param work mean CPU time of a turn
    /// @param sleep mean time between the turns
    /// @return a behaviour
    static Behaviour random(Duration work, Duration sleep) {
        double meanWork = work.toNanos();
        double meanSleep = sleep.toNanos();
        return random ->
                new Script() {
                    private boolean runs;

                    @Override
                    public Step next(SimulatedTask self) {
                        runs = !runs;
                        double length = random.nextExponential() * (runs ? meanWork : meanSleep);
                        long ns = Math.max(1, Math.round(length));
                        return runs ? new Step.Run(ns) : new Step.Sleep(ns);
                    }
                };
    }

    /// Does these steps, then ends.
    ///
    /// @param steps one after the other
    /// @return a behaviour
    static Behaviour steps(Step... steps) {
        List<Step> all = List.of(steps);
        return _ ->
                new Script() {
                    private int next;

                    @Override
                    public Step next(SimulatedTask self) {
                        return next < all.size() ? all.get(next++) : new Step.Exit();
                    }
                };
    }

    /// Does these steps for ever.
    ///
    /// @param steps one after the other; at least one of them takes time
    /// @return a behaviour
    static Behaviour repeat(Step... steps) {
        List<Step> all = List.of(steps);
        if (all.stream().noneMatch(s -> s instanceof Step.Run || s instanceof Step.Sleep)) {
            throw new IllegalArgumentException("a behaviour that repeats has to take time");
        }
        return _ ->
                new Script() {
                    private int next;

                    @Override
                    public Step next(SimulatedTask self) {
                        Step step = all.get(next);
                        next = (next + 1) % all.size();
                        return step;
                    }
                };
    }
}
