// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.fake;

import io.schedext.bpf.RingConsumer;
import io.schedext.bpf.RingMemory;
import io.schedext.bpf.UserRingProducer;
import io.schedext.core.Counters;
import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.QueuedTask;
import io.schedext.core.internal.DecisionRing;
import io.schedext.core.internal.Layout.Cpu;
import io.schedext.core.internal.Layout.Dispatched;
import io.schedext.core.internal.Layout.Queued;
import io.schedext.core.internal.Layout.State;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A kernel without a kernel: the real rings, views and counters over plain memory, and the other
/// side of the rings for a test to play. A record's format is the same in both rings, so the other
/// side needs no code of its own.
///
/// One thread. Nothing allocates but the constructor and what says so.
public final class FakeKernel implements KernelSide {

    /// Room for this many records in the ring to the loop.
    public static final int QUEUED_RECORDS = 682;

    private static final int QUEUED_RING_BYTES = 64 << 10;
    private static final int SPAN = (int) Queued.BYTES + Long.BYTES;
    private static final int CPUS = 2;

    private final MemorySegment cpus = MemorySegment.ofArray(new long[(int) Cpu.BYTES / 8 * CPUS]);
    private final MemorySegment state =
            MemorySegment.ofArray(new long[(int) State.LATENCY / 8 + State.LATENCY_BUCKETS]);
    private final UserRingProducer queue;
    private final RingConsumer queued;
    private final DecisionRing decisions;
    private final RingConsumer decided;
    private final QueuedTask view;
    private final Counters counters;

    private long idleCpus;
    private long cycles;
    private boolean exited;
    private long nanoTime;

    /// A kernel with room for 1,170 decisions.
    public FakeKernel() {
        this(64 << 10);
    }

    /// @param decisionRingBytes a power of two; a decision takes 56 bytes of it
    public FakeKernel(int decisionRingBytes) {
        RingMemory queuedMemory = RingMemory.allocate(QUEUED_RING_BYTES, Arena.ofAuto());
        queue = new UserRingProducer(queuedMemory);
        queued = new RingConsumer(queuedMemory);
        view = new QueuedTask(queued.data());
        RingMemory decidedMemory = RingMemory.allocate(decisionRingBytes, Arena.ofAuto());
        decisions = new DecisionRing(new UserRingProducer(decidedMemory), state);
        decided = new RingConsumer(decidedMemory);
        counters = new Counters(cpus, state, () -> queued.pending() / SPAN);
    }

    /// Hands a task to the loop.
    ///
    /// @throws IllegalStateException when the ring is full
    public void queue(TaskRecord task) {
        long record = queue.reserve((int) Queued.BYTES);
        if (record == UserRingProducer.FULL) {
            throw new IllegalStateException("a test queued more tasks than the ring can hold");
        }
        MemorySegment.copy(task.memory(), 0, queue.data(), record, Queued.BYTES);
        queue.commit(record);
    }

    /// Takes the oldest decision from its ring.
    ///
    /// @param into filled in with it
    /// @return false when there is none
    public boolean takeDecision(DispatchedTask into) {
        long record = decided.next();
        if (record == RingConsumer.NONE) {
            return false;
        }
        MemorySegment memory = decided.data();
        into.pid(memory.get(ValueLayout.JAVA_INT, record + Dispatched.PID))
                .cpu(memory.get(ValueLayout.JAVA_INT, record + Dispatched.CPU))
                .flags(memory.get(ValueLayout.JAVA_LONG, record + Dispatched.FLAGS))
                .sliceNs(memory.get(ValueLayout.JAVA_LONG, record + Dispatched.SLICE_NS))
                .vtime(memory.get(ValueLayout.JAVA_LONG, record + Dispatched.VTIME))
                .generation(memory.get(ValueLayout.JAVA_LONG, record + Dispatched.GENERATION));
        decided.release();
        return true;
    }

    /// Says that so many tasks wait in the queue where most wait, with two CPUs.
    public void waiting(long tasks) {
        state.set(ValueLayout.JAVA_INT, State.ONLINE_CPUS, CPUS);
        state.set(ValueLayout.JAVA_LONG, State.LONGEST_QUEUE, tasks);
    }

    /// Makes CPUs idle until [#selectCpu] gives them away.
    public void idle(int... numbers) {
        for (int cpu : numbers) {
            idleCpus |= 1L << cpu;
        }
    }

    /// Ends the scheduler, as the kernel would.
    public void end() {
        exited = true;
    }

    public void advance(long nanoseconds) {
        nanoTime += nanoseconds;
    }

    /// How often the loop gave its CPU away.
    public long cycles() {
        return cycles;
    }

    @Override
    public QueuedTask dequeueTask() {
        long record = queued.next();
        return record == RingConsumer.NONE ? null : view.at(record);
    }

    @Override
    public boolean dispatchTask(DispatchedTask task) {
        return decisions.offer(task);
    }

    /// An idle CPU, the previous one before all others, and then the lowest.
    @Override
    public int selectCpu(int pid, int prevCpu, long flags) {
        if (idleCpus == 0) {
            return -1;
        }
        long preferred = idleCpus & 1L << prevCpu;
        long chosen = preferred != 0 ? preferred : Long.lowestOneBit(idleCpus);
        idleCpus &= ~chosen;
        return Long.numberOfTrailingZeros(chosen);
    }

    @Override
    public void notifyComplete(long pending) {
        state.set(ValueLayout.JAVA_LONG, State.PENDING, pending);
        cycles++;
    }

    @Override
    public boolean exited() {
        return exited;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public long nanoTime() {
        return nanoTime;
    }
}
