// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.benchmarks;

import io.schedext.core.QueuedTask;
import io.schedext.core.TaskQueue;
import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a policy pays that holds tasks back: the first of so many leaves, and comes again with a
/// key that is anywhere among the others. Nanoseconds for both together.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TaskQueueBenchmark {

    /// Tasks that are held back.
    @Param({"10", "1000", "100000"})
    private int tasks;

    private final FakeKernel kernel = new FakeKernel();
    private final TaskRecord record = new TaskRecord(1);
    private final QueuedTask first = new QueuedTask();
    private TaskQueue queue;
    private long random = 1;

    @Setup
    public void fill() {
        queue = new TaskQueue(tasks);
        for (int pid = 1; pid <= tasks; pid++) {
            kernel.queue(record.pid(pid));
            queue.add(kernel.dequeueTask(), next());
        }
    }

    /// Keys a little behind the first one, so that the order goes on and on.
    private long next() {
        random = random * 6364136223846793005L + 1442695040888963407L;
        long from = queue.size() == 0 ? 0 : queue.firstKey();
        return from + (random >>> 44);
    }

    @Benchmark
    public int leaveAndCome() {
        first.copyFrom(queue.first());
        long key = next();
        queue.removeFirst();
        queue.add(first, key);
        return first.pid();
    }
}
