// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import io.schedext.core.internal.Layout.Queued;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// A task that needs a decision, as the kernel described it when it became runnable.
///
/// [KernelSide#dequeueTask()] returns a view over ring memory that is valid until the next call;
/// what has to outlive it is copied with [#copy()] or [#copyFrom(QueuedTask)]. Process ids are
/// those of the initial pid namespace. Not thread-safe. Only [#comm()] and [#copy()] allocate.
public final class QueuedTask {

    /// The size of a thread's name in the kernel, bytes, with the zero at its end
    /// (`TASK_COMM_LEN`).
    public static final int COMM_BYTES = (int) (Queued.BYTES - Queued.COMM);

    private static final ValueLayout.OfInt S32 = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG;

    private final MemorySegment memory;
    private long offset;

    /// A task with memory of its own, all zero, to copy others into.
    public QueuedTask() {
        this(MemorySegment.ofArray(new long[(int) (Queued.BYTES / Long.BYTES)]));
    }

    /// A view over records of a ring; for those who implement [KernelSide].
    ///
    /// @param memory 8-byte aligned memory that holds the records
    public QueuedTask(MemorySegment memory) {
        this.memory = memory;
    }

    /// Moves this view.
    ///
    /// @param offset where the record starts, bytes, a multiple of 8
    /// @return this
    public QueuedTask at(long offset) {
        this.offset = offset;
        return this;
    }

    /// The thread's id, by which it is dispatched (`task_struct.pid`).
    ///
    /// @return above 0
    public int pid() {
        return memory.get(S32, offset + Queued.PID);
    }

    /// The id of its process (`task_struct.tgid`).
    ///
    /// @return above 0
    public int tgid() {
        return memory.get(S32, offset + Queued.TGID);
    }

    /// The CPU it ran on last, or was woken on (`scx_bpf_task_cpu()`).
    ///
    /// @return a CPU number
    public int cpu() {
        return memory.get(S32, offset + Queued.CPU);
    }

    /// How many CPUs it may use (`task_struct.nr_cpus_allowed`).
    ///
    /// @return 1 or more
    public int nrCpusAllowed() {
        return memory.get(S32, offset + Queued.NR_CPUS_ALLOWED);
    }

    /// The enqueue flags the kernel passed to `ops.enqueue()` (`enum scx_enq_flags`).
    ///
    /// @return a bit set
    public long flags() {
        return memory.get(U64, offset + Queued.FLAGS);
    }

    /// When it last began to run, by the clock of [KernelSide#nanoTime()].
    ///
    /// @return nanoseconds, 0 if it never ran under this scheduler
    public long startTs() {
        return memory.get(U64, offset + Queued.START_TS);
    }

    /// When it last stopped running, by the same clock.
    ///
    /// @return nanoseconds, 0 if it never ran under this scheduler
    public long stopTs() {
        return memory.get(U64, offset + Queued.STOP_TS);
    }

    /// CPU time since it last woke up, from `ops.running` to `ops.stopping` each time. What the
    /// kernel takes to choose the task is not in it; in `/proc` it is.
    ///
    /// @return nanoseconds
    public long execRuntime() {
        return memory.get(U64, offset + Queued.EXEC_RUNTIME);
    }

    /// Its weight (`task_struct.scx.weight`): 100 for nice 0, more is more.
    ///
    /// @return 1 to 10,000
    public long weight() {
        return memory.get(U64, offset + Queued.WEIGHT);
    }

    /// The vtime of the last decision for it that was carried out.
    ///
    /// @return 0 for a task that is new to this policy
    public long vtime() {
        return memory.get(U64, offset + Queued.VTIME);
    }

    /// Counts how often this task was handed to user space; a decision carries it back, so that a
    /// late one is recognised as stale.
    ///
    /// @return 1 or more
    public long generation() {
        return memory.get(U64, offset + Queued.GENERATION);
    }

    /// The thread's name (`task_struct.comm`). Allocates; on the hot path [#copyComm(byte[])] does
    /// not.
    ///
    /// @return at most 15 bytes, malformed UTF-8 replaced
    public String comm() {
        byte[] bytes = new byte[COMM_BYTES];
        return new String(bytes, 0, copyComm(bytes), StandardCharsets.UTF_8);
    }

    /// Copies the thread's name as the kernel has it, without allocating, for policies that tell
    /// tasks apart by their names.
    ///
    /// @param target gets the name's bytes from its beginning on, as many as fit, and no zero after
    ///   them; [#COMM_BYTES] are enough for any
    /// @return how many it got; at most 15, for the kernel cuts longer names
    public int copyComm(byte[] target) {
        int most = Math.min(target.length, COMM_BYTES);
        int length = 0;
        while (length < most) {
            byte b = memory.get(ValueLayout.JAVA_BYTE, offset + Queued.COMM + length);
            if (b == 0) {
                break;
            }
            target[length++] = b;
        }
        return length;
    }

    /// A copy with memory of its own.
    ///
    /// @return a new task
    public QueuedTask copy() {
        return new QueuedTask().copyFrom(this);
    }

    /// Copies another task into the memory of this one, without allocating.
    ///
    /// @param other the task to copy
    /// @return this
    public QueuedTask copyFrom(QueuedTask other) {
        MemorySegment.copy(other.memory, other.offset, memory, offset, Queued.BYTES);
        return this;
    }

    /// Copies the record to other memory, without allocating.
    void copyTo(MemorySegment target, long at) {
        MemorySegment.copy(memory, offset, target, at, Queued.BYTES);
    }

    @Override
    public String toString() {
        return "QueuedTask[pid="
                + pid()
                + ", comm="
                + comm()
                + ", cpu="
                + cpu()
                + ", weight="
                + weight()
                + ", vtime="
                + vtime()
                + ", generation="
                + generation()
                + "]";
    }
}
