// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.spi;

import io.schedext.core.Counters;
import io.schedext.core.internal.Layout.Cpu;
import io.schedext.core.internal.Layout.State;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongSupplier;

/// What a kernel side counts, where [Counters] reads it. One thread; only the constructor
/// allocates.
public final class CounterMemory {

    /// What is counted on each CPU; named as in the BPF program, whose `wire.h` explains them.
    public enum Cell {
        /// Tasks handed to the policy.
        OPENED(Cpu.OPENED),
        /// Came back by a decision.
        CLOSED_USER(Cpu.CLOSED_USER),
        /// Came back by a decision for a CPU that was impossible.
        CLOSED_BOUNCED(Cpu.CLOSED_BOUNCED),
        /// Taken back while the loop was silent.
        CLOSED_SILENCE(Cpu.CLOSED_SILENCE),
        /// Taken back because they were overdue.
        CLOSED_OVERDUE(Cpu.CLOSED_OVERDUE),
        /// Taken by the kernel itself.
        CLOSED_KERNEL(Cpu.CLOSED_KERNEL),
        /// Queued anew before their decision came.
        CLOSED_REQUEUED(Cpu.CLOSED_REQUEUED),
        /// Left the class, or died, before their decision came.
        CLOSED_LEFT(Cpu.CLOSED_LEFT),
        /// Decisions taken from the ring.
        DRAINED(Cpu.DRAINED),
        /// Of these, for a queueing that is over.
        STALE(Cpu.STALE),
        /// Of these, for a task that is no more.
        GONE(Cpu.GONE),
        /// Of these, not to be carried out.
        REFUSED(Cpu.REFUSED),
        /// Decisions that came before their task was in its park, and were carried out all the
        /// same.
        MOVE_RETRIES(Cpu.MOVE_RETRIES),
        /// Dispatched to an idle CPU without asking the policy.
        DIRECT(Cpu.DIRECT),
        /// Threads of the scheduler's own process.
        OWN(Cpu.OWN),
        /// Kernel threads.
        KTHREAD(Cpu.KTHREAD),
        /// Dispatched by the kernel side because the ring was full.
        CONGESTED(Cpu.CONGESTED),
        /// The loop was not known yet.
        NOT_READY(Cpu.NOT_READY),
        /// Dispatched by the kernel side because the loop was silent.
        SILENCE(Cpu.SILENCE),
        /// Decided tasks that were moved because they waited for too long.
        RESCUED(Cpu.RESCUED),
        /// Tasks that went on because nobody else wanted their CPU.
        REFILLS(Cpu.REFILLS),
        /// Idle CPUs woken for the loop.
        LOOP_KICKS(Cpu.LOOP_KICKS),
        /// CPUs taken from a task for the loop.
        LOOP_PREEMPTS(Cpu.LOOP_PREEMPTS);

        private final long offset;

        Cell(long offset) {
            this.offset = offset;
        }
    }

    private final MemorySegment cpus;
    private final MemorySegment state =
            MemorySegment.ofArray(
                    new long[(int) State.LATENCY / Long.BYTES + State.LATENCY_BUCKETS]);
    private final Counters counters;

    /// All zero, each CPU on line.
    ///
    /// @param cpus how many, 1 or more
    /// @param queued how many tasks wait in the ring to the policy
    public CounterMemory(int cpus, LongSupplier queued) {
        this.cpus = MemorySegment.ofArray(new long[Math.toIntExact(Cpu.BYTES / 8 * cpus)]);
        state.set(ValueLayout.JAVA_INT, State.ONLINE_CPUS, cpus);
        counters = new Counters(this.cpus, state, queued);
    }

    /// What everybody else reads.
    ///
    /// @return a live view
    public Counters counters() {
        return counters;
    }

    /// Counts one.
    ///
    /// @param cpu where
    /// @param cell what
    public void count(int cpu, Cell cell) {
        long at = cpu * Cpu.BYTES + cell.offset;
        cpus.set(ValueLayout.JAVA_LONG, at, cpus.get(ValueLayout.JAVA_LONG, at) + 1);
    }

    /// Says whether a task other than the loop runs on a CPU.
    ///
    /// @param cpu which
    /// @param runs whether one does
    public void running(int cpu, boolean runs) {
        cpus.set(ValueLayout.JAVA_INT, cpu * Cpu.BYTES + Cpu.RUNNING, runs ? 1 : 0);
    }

    /// Says how many tasks the policy holds back.
    ///
    /// @param tasks 0 or more
    public void pending(long tasks) {
        state.set(ValueLayout.JAVA_LONG, State.PENDING, tasks);
    }

    /// Says how many tasks wait in the queue where most wait.
    ///
    /// @param tasks 0 or more
    public void waiting(long tasks) {
        state.set(ValueLayout.JAVA_LONG, State.LONGEST_QUEUE, tasks);
    }

    /// Says how many decisions were put into the ring.
    ///
    /// @param decisions all since the start
    public void submitted(long decisions) {
        state.set(ValueLayout.JAVA_LONG, State.SUBMITTED, decisions);
    }

    /// A silence begins.
    ///
    /// @param cause 0 blocked, 1 stalled, 2 starved, 3 damaged
    public void silenceBegins(int cause) {
        add(State.SILENT_ENTRIES + (long) cause * Long.BYTES, 1);
    }

    /// A silence ends.
    ///
    /// @param lasted nanoseconds
    public void silenceEnds(long lasted) {
        add(State.SILENT_EXITS, 1);
        add(State.SILENT_NS, lasted);
    }

    /// The loop was held up in the middle of something.
    ///
    /// @param ns for so long
    public void pause(long ns) {
        if (ns > state.get(ValueLayout.JAVA_LONG, State.LOOP_LONGEST_PAUSE)) {
            state.set(ValueLayout.JAVA_LONG, State.LOOP_LONGEST_PAUSE, ns);
        }
    }

    /// A task has waited for its decision.
    ///
    /// @param ns for so long, 0 or more
    public void latency(long ns) {
        // four buckets per power of two, as the BPF program has them
        int log = 63 - Long.numberOfLeadingZeros(ns | 1);
        long bucket = log < 2 ? ns : log * 4 + (ns >> log - 2 & 3);
        if (bucket < State.LATENCY_BUCKETS) {
            add(State.LATENCY + bucket * Long.BYTES, 1);
        }
    }

    private void add(long offset, long n) {
        state.set(ValueLayout.JAVA_LONG, offset, state.get(ValueLayout.JAVA_LONG, offset) + n);
    }
}
