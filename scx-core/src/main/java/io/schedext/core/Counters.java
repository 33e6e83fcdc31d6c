// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import io.schedext.core.internal.Layout.Cpu;
import io.schedext.core.internal.Layout.State;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/// What the kernel side counted, read from memory shared with it: no system call. The single
/// numbers allocate nothing and may be read by the loop. Any thread may read; numbers read one
/// after the other are not of one instant.
public final class Counters {

    private static final VarHandle STATE_WORD = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment cpus;
    private final MemorySegment state;
    private final LongSupplier queued;

    /// Counters over memory laid out as the BPF program has it; for those who implement
    /// [KernelSide].
    ///
    /// @param cpus an array of `struct cpu_state`
    /// @param state a `struct scheduler_state`
    /// @param queued how many records wait in the ring
    public Counters(MemorySegment cpus, MemorySegment state, LongSupplier queued) {
        this.cpus = cpus;
        this.state = state;
        this.queued = queued;
    }

    /// A copy that outlives the memory shared with the kernel.
    Counters frozen() {
        long waiting = queued.getAsLong();
        return new Counters(copyOf(cpus), copyOf(state), () -> waiting);
    }

    /// The same, but for what is said of [#queued()], which somebody else hears too.
    Counters heardBy(LongUnaryOperator listener) {
        return new Counters(cpus, state, () -> listener.applyAsLong(queued.getAsLong()));
    }

    private static MemorySegment copyOf(MemorySegment segment) {
        long[] words = new long[Math.toIntExact(segment.byteSize() / Long.BYTES)];
        MemorySegment copy = MemorySegment.ofArray(words);
        MemorySegment.copy(segment, 0, copy, 0, copy.byteSize());
        return copy;
    }

    private long sum(long counter) {
        long sum = 0;
        for (long at = counter; at < cpus.byteSize(); at += Cpu.BYTES) {
            sum += cpus.get(ValueLayout.JAVA_LONG, at);
        }
        return sum;
    }

    /// CPUs on line when the scheduler was attached; a change ends it, and it restarts.
    ///
    /// @return 1 or more, 0 before attach
    public long onlineCpus() {
        return state.get(ValueLayout.JAVA_INT, State.ONLINE_CPUS);
    }

    /// Tasks that run now, the loop not among them.
    ///
    /// @return 0 to the number of CPUs
    public long running() {
        long sum = 0;
        for (long at = Cpu.RUNNING; at < cpus.byteSize(); at += Cpu.BYTES) {
            sum += cpus.get(ValueLayout.JAVA_INT, at);
        }
        return sum;
    }

    /// Tasks that wait in the ring for [KernelSide#dequeueTask()].
    ///
    /// @return 0 or more
    public long queued() {
        return queued.getAsLong();
    }

    /// Tasks the policy holds back, as it said in [KernelSide#notifyComplete(long)].
    ///
    /// @return 0 or more
    public long scheduled() {
        return state.get(ValueLayout.JAVA_LONG, State.PENDING);
    }

    /// Decisions carried out where they asked to be, [DispatchedTask#ANY_CPU] included.
    ///
    /// @return 0 or more
    public long userDispatches() {
        return sum(Cpu.CLOSED_USER);
    }

    /// Tasks dispatched by the kernel side: to an idle CPU at once, threads of this process, kernel
    /// threads, because the ring was full, because the loop was silent, or because they waited too
    /// long.
    ///
    /// @return 0 or more
    public long kernelDispatches() {
        return directDispatches()
                + ownDispatches()
                + sum(Cpu.KTHREAD)
                + sum(Cpu.CONGESTED)
                + sum(Cpu.NO_STORAGE)
                + sum(Cpu.NOT_READY)
                + silentDispatches()
                + sum(Cpu.CLOSED_OVERDUE);
    }

    /// Decisions that came too late: their task was queued anew meanwhile.
    ///
    /// @return 0 or more
    public long cancelledDispatches() {
        return sum(Cpu.STALE);
    }

    /// Decisions for a CPU that was impossible, carried out on another.
    ///
    /// @return 0 or more
    public long bouncedDispatches() {
        return sum(Cpu.CLOSED_BOUNCED);
    }

    /// Decisions that made no sense, and rings the kernel could not read.
    ///
    /// @return 0 or more
    public long failedDispatches() {
        return sum(Cpu.REFUSED) + sum(Cpu.DRAIN_ERRORS);
    }

    /// Tasks that found the ring full and were dispatched by the kernel side.
    ///
    /// @return 0 or more
    public long congestionEvents() {
        return sum(Cpu.CONGESTED);
    }

    /// Tasks given to an idle CPU at once; part of [#kernelDispatches()].
    ///
    /// @return 0 or more
    public long directDispatches() {
        return sum(Cpu.DIRECT);
    }

    /// Dispatches of threads of this process; part of [#kernelDispatches()].
    ///
    /// @return 0 or more
    public long ownDispatches() {
        return sum(Cpu.OWN);
    }

    /// Dispatches of kernel threads; part of [#kernelDispatches()].
    ///
    /// @return 0 or more
    public long kthreadDispatches() {
        return sum(Cpu.KTHREAD);
    }

    /// Tasks for whose state there was no memory; part of [#kernelDispatches()].
    ///
    /// @return 0 or more
    public long tasksWithoutStorage() {
        return sum(Cpu.NO_STORAGE);
    }

    /// Moves that had to be tried twice because the decision was faster than the kernel's own
    /// queueing.
    ///
    /// @return 0 or more
    public long moveRetries() {
        return sum(Cpu.MOVE_RETRIES);
    }

    /// Times a CPU was taken from another task because the loop waited for one.
    ///
    /// @return 0 or more
    public long loopPreemptions() {
        return sum(Cpu.LOOP_PREEMPTS);
    }

    /// Tasks that waited too long although they were dispatched, behind others with a smaller vtime
    /// or for a CPU that real-time tasks keep, and were moved by the kernel side; and those that
    /// were decided by a policy that is gone. They are in no ledger a second time.
    ///
    /// @return 0 or more
    public long rescuedTasks() {
        return sum(Cpu.RESCUED);
    }

    /// Drains the kernel could not do because the ring was damaged.
    ///
    /// @return 0 or more
    public long drainErrors() {
        return sum(Cpu.DRAIN_ERRORS);
    }

    /// Tasks dispatched by the kernel side because the loop was silent: those that were parked
    /// then, and those that came later; part of [#kernelDispatches()].
    ///
    /// @return 0 or more
    public long silentDispatches() {
        return sum(Cpu.CLOSED_SILENCE) + sum(Cpu.SILENCE);
    }

    /// When the kernel side scheduled without the loop, and why. Allocates.
    ///
    /// @return a snapshot
    public Silence silence() {
        return new Silence(
                stateWord(State.SILENT_ENTRIES),
                stateWord(State.SILENT_ENTRIES + Long.BYTES),
                stateWord(State.SILENT_ENTRIES + 2 * Long.BYTES),
                stateWord(State.SILENT_ENTRIES + 3 * Long.BYTES),
                stateWord(State.SILENT_EXITS),
                stateWord(State.SILENT_NS));
    }

    /// How long the loop was held up at most in the middle of something: blocked, or without a CPU
    /// though it had not given its own away.
    ///
    /// @return nanoseconds, 0 or more
    public long longestPauseNs() {
        return stateWord(State.LOOP_LONGEST_PAUSE);
    }

    /// How many decided tasks, or tasks of the kernel side, wait in the queue where most wait: that
    /// of one CPU, or the one for all. Counted each 4 ms while any wait.
    ///
    /// @return 0 or more
    public long waiting() {
        return stateWord(State.LONGEST_QUEUE);
    }

    private long stateWord(long offset) {
        return (long) STATE_WORD.getOpaque(state, offset);
    }

    /// The ledger of tasks. Allocates.
    ///
    /// @return a snapshot
    public TaskLedger tasks() {
        return new TaskLedger(
                sum(Cpu.OPENED),
                sum(Cpu.CLOSED_USER),
                sum(Cpu.CLOSED_BOUNCED),
                sum(Cpu.CLOSED_SILENCE),
                sum(Cpu.CLOSED_OVERDUE),
                sum(Cpu.CLOSED_KERNEL),
                sum(Cpu.CLOSED_REQUEUED),
                sum(Cpu.CLOSED_LEFT));
    }

    /// The ledger of decisions. Allocates.
    ///
    /// @return a snapshot
    public DecisionLedger decisions() {
        return new DecisionLedger(
                state.get(ValueLayout.JAVA_LONG, State.SUBMITTED),
                sum(Cpu.DRAINED),
                sum(Cpu.CLOSED_USER),
                sum(Cpu.CLOSED_BOUNCED),
                sum(Cpu.STALE),
                sum(Cpu.GONE),
                sum(Cpu.REFUSED));
    }

    /// How long tasks waited for their decision. Allocates.
    ///
    /// @return a snapshot
    public LatencyHistogram latency() {
        long[] buckets = new long[State.LATENCY_BUCKETS];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = state.get(ValueLayout.JAVA_LONG, State.LATENCY + (long) i * Long.BYTES);
        }
        return new LatencyHistogram(buckets);
    }
}
