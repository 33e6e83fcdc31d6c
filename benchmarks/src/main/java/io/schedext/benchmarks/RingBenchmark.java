// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.benchmarks;

import io.schedext.core.DispatchedTask;
import io.schedext.core.QueuedTask;
import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// What a record costs in each direction, both ends of its ring included: the kernel's end is
/// played by the same thread, so no cache line travels between CPUs. Nanoseconds per record.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RingBenchmark {

    /// Records in the ring at a time.
    private static final int BATCH = 64;

    private final FakeKernel kernel = new FakeKernel();
    private final TaskRecord record = new TaskRecord(1).ran(1000, 2000).vtime(3000);
    private final DispatchedTask decision = new DispatchedTask().pid(1).cpu(2).sliceNs(3).vtime(4);
    private final DispatchedTask taken = new DispatchedTask();

    /// A task from the kernel: the record is written, found, and every number in it read.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void queuedTask(Blackhole hole) {
        for (int i = 0; i < BATCH; i++) {
            kernel.queue(record);
        }
        for (int i = 0; i < BATCH; i++) {
            QueuedTask task = kernel.dequeueTask();
            hole.consume(
                    task.pid()
                            + task.tgid()
                            + task.cpu()
                            + task.nrCpusAllowed()
                            + task.flags()
                            + task.startTs()
                            + task.stopTs()
                            + task.execRuntime()
                            + task.weight()
                            + task.vtime()
                            + task.generation());
        }
    }

    /// A decision to the kernel: reserved, filled in, committed, counted, and read on the other
    /// side.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void dispatchedTask(Blackhole hole) {
        for (int i = 0; i < BATCH; i++) {
            hole.consume(kernel.dispatchTask(decision));
        }
        for (int i = 0; i < BATCH; i++) {
            hole.consume(kernel.takeDecision(taken));
        }
    }
}
