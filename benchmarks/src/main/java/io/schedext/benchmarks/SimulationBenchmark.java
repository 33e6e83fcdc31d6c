// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.benchmarks;

import io.schedext.core.SchedulerOptions;
import io.schedext.rlfifo.FifoPolicy;
import io.schedext.testkit.Behaviour;
import io.schedext.testkit.Machine;
import io.schedext.testkit.Simulation;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// How fast the test kit simulates: the counter `decisions` is what the policy decided in a second
/// of real time, wake-ups, switches, ticks and timers included. A call simulates 10 ms.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SimulationBenchmark {

    private static final Duration STEP = Duration.ofMillis(10);

    /// The machine's CPUs; there are fifteen tasks for each.
    @Param({"4", "64"})
    private int cpus;

    private Simulation simulation;

    /// What JMH divides by the time.
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Work {
        /// Made by the policy.
        public long decisions;
    }

    /// A machine that is neither idle nor overloaded.
    @Setup(Level.Iteration)
    public void spawn() {
        simulation =
                Simulation.of(
                        Machine.of(cpus),
                        new FifoPolicy(),
                        SchedulerOptions.builder().name("benchmark").builtinIdle(false).build(),
                        1);
        simulation.spawn(
                15 * cpus,
                "task",
                Behaviour.sleeper(Duration.ofNanos(50_000), Duration.ofNanos(1_000_000)));
    }

    /// Lets time pass.
    @Benchmark
    public void run(Work work) {
        long before = simulation.counters().userDispatches();
        simulation.run(STEP);
        work.decisions += simulation.counters().userDispatches() - before;
    }
}
