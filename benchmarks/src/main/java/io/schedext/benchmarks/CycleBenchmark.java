// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.benchmarks;

import io.schedext.core.DispatchedTask;
import io.schedext.core.RunLoop;
import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import io.schedext.rlfifo.FifoPolicy;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// A whole cycle of the run loop with the FIFO policy over plain memory: what Java itself costs of
/// a decision, without the system calls behind `selectCpu` and `notifyComplete`. Nanoseconds per
/// cycle; the kernel's ends of both rings are included.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CycleBenchmark {

    /// Tasks that wait when the cycle begins.
    @Param({"0", "1", "64"})
    private int tasks;

    private final FakeKernel kernel = new FakeKernel();
    private final RunLoop loop = new RunLoop(kernel, new FifoPolicy());
    private final TaskRecord record = new TaskRecord(1);
    private final DispatchedTask taken = new DispatchedTask();

    @Benchmark
    public void cycle(Blackhole hole) {
        for (int i = 0; i < tasks; i++) {
            kernel.queue(record);
        }
        hole.consume(loop.cycle());
        for (int i = 0; i < tasks; i++) {
            hole.consume(kernel.takeDecision(taken));
        }
    }
}
