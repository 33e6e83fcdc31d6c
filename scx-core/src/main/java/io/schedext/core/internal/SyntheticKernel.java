// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import io.schedext.bpf.RingConsumer;
import io.schedext.bpf.RingMemory;
import io.schedext.bpf.UserRingProducer;
import io.schedext.core.Counters;
import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.QueuedTask;
import io.schedext.core.internal.Layout.Cpu;
import io.schedext.core.internal.Layout.Queued;
import io.schedext.core.internal.Layout.State;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// No kernel at all: the two rings over plain memory, made-up tasks in one and nobody behind the
/// other. For a [Rehearsal] by a thread that is not the loop, or where nothing is attached. One
/// thread.
public final class SyntheticKernel implements KernelSide {

    private static final int RING_BYTES = 256 << 10;
    private static final int SPAN = (int) Queued.BYTES + Long.BYTES;
    private static final int LAST_PID = 1024;
    private static final long RAN_NS = 1_000_000;

    private final UserRingProducer queue;
    private final RingConsumer queued;
    private final DecisionRing decisions;
    private final RingConsumer decided;
    private final QueuedTask view;
    private final MemorySegment state =
            MemorySegment.ofArray(new long[(int) State.LATENCY / 8 + State.LATENCY_BUCKETS]);
    private final Counters counters;
    private long cyclesLeft = Long.MAX_VALUE;

    /// One with empty rings, that never ends.
    public SyntheticKernel() {
        RingMemory toLoop = RingMemory.allocate(RING_BYTES, Arena.ofAuto());
        queue = new UserRingProducer(toLoop);
        queued = new RingConsumer(toLoop);
        view = new QueuedTask(queued.data());
        RingMemory toKernel = RingMemory.allocate(RING_BYTES, Arena.ofAuto());
        decisions = new DecisionRing(new UserRingProducer(toKernel), state);
        decided = new RingConsumer(toKernel);
        state.set(ValueLayout.JAVA_INT, State.ONLINE_CPUS, 1);
        counters =
                new Counters(
                        MemorySegment.ofArray(new long[(int) Cpu.BYTES / 8]),
                        state,
                        () -> queued.pending() / SPAN);
    }

    /// Makes up tasks, as many as asked for or as there is room for: of the ids 1 to 1024, nice 0,
    /// on CPU 0, awake for a millisecond.
    public void queue(int tasks) {
        long now = nanoTime();
        for (int i = 0; i < tasks; i++) {
            long record = queue.reserve((int) Queued.BYTES);
            if (record == UserRingProducer.FULL) {
                return;
            }
            MemorySegment memory = queue.data();
            memory.asSlice(record, Queued.BYTES).fill((byte) 0);
            int pid = i % LAST_PID + 1;
            memory.set(ValueLayout.JAVA_INT, record + Queued.PID, pid);
            memory.set(ValueLayout.JAVA_INT, record + Queued.TGID, pid);
            memory.set(ValueLayout.JAVA_INT, record + Queued.NR_CPUS_ALLOWED, 1);
            memory.set(ValueLayout.JAVA_LONG, record + Queued.START_TS, now - 2 * RAN_NS);
            memory.set(ValueLayout.JAVA_LONG, record + Queued.STOP_TS, now - RAN_NS);
            memory.set(ValueLayout.JAVA_LONG, record + Queued.EXEC_RUNTIME, RAN_NS);
            memory.set(ValueLayout.JAVA_LONG, record + Queued.WEIGHT, 100);
            memory.set(ValueLayout.JAVA_LONG, record + Queued.GENERATION, 1);
            queue.commit(record);
        }
    }

    /// Forgets all decisions.
    ///
    /// @return how many there were
    public int drain() {
        int drained = 0;
        while (decided.next() != RingConsumer.NONE) {
            drained++;
        }
        return drained;
    }

    /// Ends the scheduler after so many more cycles. Each then finds a task, and gives the CPU
    /// away.
    public void endAfter(long cycles) {
        cyclesLeft = cycles;
    }

    @Override
    public QueuedTask dequeueTask() {
        long record = queued.next();
        return record == RingConsumer.NONE ? null : view.at(record);
    }

    @Override
    public boolean dispatchTask(DispatchedTask decision) {
        return decisions.offer(decision);
    }

    /// There is no idle CPU.
    @Override
    public int selectCpu(int pid, int prevCpu, long flags) {
        return -1;
    }

    @Override
    public void notifyComplete(long pending) {
        state.set(ValueLayout.JAVA_LONG, State.PENDING, pending);
        if (cyclesLeft != Long.MAX_VALUE) {
            cyclesLeft--;
            drain();
            queue(1);
            Libc.yield();
        }
    }

    @Override
    public boolean exited() {
        return cyclesLeft <= 0;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
