// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// A decision: where a task runs, for how long, and in which order. Mutable and reusable; the usual
/// policy has one and fills it for each task. Not thread-safe.
public final class DispatchedTask {

    /// As a CPU: the first allowed one that is free. Held against the BPF program in the build.
    public static final int ANY_CPU = 1 << 20;

    /// As a flag: the CPU chosen stops what it runs and looks for work at once. It is the kernel's
    /// `SCX_ENQ_PREEMPT` bit, the only one with a meaning here; held against the BPF program in the
    /// build.
    public static final long PREEMPT = 1L << 32;

    private int pid;
    private int cpu;
    private long flags;
    private long sliceNs;
    private long vtime;
    private long generation;

    /// An empty decision.
    public DispatchedTask() {}

    /// A decision for a task: on the CPU it was on, with the default slice, vtime 0.
    ///
    /// @param task the task
    public DispatchedTask(QueuedTask task) {
        of(task);
    }

    /// Starts over for another task: on the CPU it was on, with the default slice, vtime 0, no
    /// flags.
    ///
    /// @param task the task
    /// @return this
    public DispatchedTask of(QueuedTask task) {
        pid = task.pid();
        cpu = task.cpu();
        flags = 0;
        sliceNs = 0;
        vtime = 0;
        generation = task.generation();
        return this;
    }

    /// The task's thread id.
    ///
    /// @return as it was set
    public int pid() {
        return pid;
    }

    /// Sets the task's thread id. An id without a task counts as failed.
    ///
    /// @param pid from [QueuedTask#pid()]
    /// @return this
    public DispatchedTask pid(int pid) {
        this.pid = pid;
        return this;
    }

    /// The CPU to run on.
    ///
    /// @return a CPU number or [#ANY_CPU]
    public int cpu() {
        return cpu;
    }

    /// Sets the CPU to run on. One that does not exist, is off line or not allowed for the task is
    /// replaced by an allowed one and counted as bounced.
    ///
    /// @param cpu a CPU number or [#ANY_CPU]
    /// @return this
    public DispatchedTask cpu(int cpu) {
        this.cpu = cpu;
        return this;
    }

    /// Flags.
    ///
    /// @return as they were set
    public long flags() {
        return flags;
    }

    /// Sets flags: [#PREEMPT] or none. All other bits are ignored, since some of the kernel's own
    /// enqueue flags would end the scheduler.
    ///
    /// @param flags a bit set
    /// @return this
    public DispatchedTask flags(long flags) {
        this.flags = flags;
        return this;
    }

    /// How long it may run before the next task gets its turn.
    ///
    /// @return nanoseconds, 0 for the default slice
    public long sliceNs() {
        return sliceNs;
    }

    /// Sets how long it may run. Slices end at the kernel's ticks (4 ms at `HZ=250`), a lone task
    /// goes on beyond its slice, and a long slice is cut to what the watchdog allows, the shorter
    /// the more tasks wait in the same queue.
    ///
    /// @param sliceNs nanoseconds, unsigned; 0 for the default slice
    /// @return this
    public DispatchedTask sliceNs(long sliceNs) {
        this.sliceNs = sliceNs;
        return this;
    }

    /// The order within the queue of its CPU, or of [#ANY_CPU].
    ///
    /// @return as it was set
    public long vtime() {
        return vtime;
    }

    /// Sets the order within the queue of its CPU, or of [#ANY_CPU]: smaller runs first, equal in
    /// order of arrival. The kernel compares by difference, so it may wrap.
    ///
    /// @param vtime any number
    /// @return this
    public DispatchedTask vtime(long vtime) {
        this.vtime = vtime;
        return this;
    }

    /// Which queueing of the task this decides.
    ///
    /// @return as it was set
    public long generation() {
        return generation;
    }

    /// Sets which queueing of the task this decides. If the task was queued anew since, the
    /// decision is stale: it counts as cancelled, and the new record awaits its own.
    ///
    /// @param generation from [QueuedTask#generation()]
    /// @return this
    public DispatchedTask generation(long generation) {
        this.generation = generation;
        return this;
    }

    @Override
    public String toString() {
        return "DispatchedTask[pid="
                + pid
                + ", cpu="
                + (cpu == ANY_CPU ? "any" : cpu)
                + ", sliceNs="
                + sliceNs
                + ", vtime="
                + vtime
                + ", generation="
                + generation
                + "]";
    }
}
