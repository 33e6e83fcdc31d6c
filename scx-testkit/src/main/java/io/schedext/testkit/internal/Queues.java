// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.core.spi.KernelConfig;

/// The dispatch queues of the BPF program, and its own scheduling of tasks that are not the
/// policy's business: `queues.h` and `kernel_side.h`, by the same names.
final class Queues {

    /// What an overdue task gets.
    private static final long URGENT_SLICE_NS = 1_000_000;

    final TaskQueue own = new TaskQueue();
    final TaskQueue loop = new TaskQueue();
    final TaskQueue decidedAny = new TaskQueue();
    final TaskQueue kernelAny = new TaskQueue();
    final TaskQueue[] parks;
    final TaskQueue[] decided;
    final TaskQueue[] kernelSide;
    private final Kernel kernel;
    private final KernelConfig config;

    long longestQueue;
    private long kernelVtime;

    Queues(Kernel kernel, KernelConfig config) {
        this.kernel = kernel;
        this.config = config;
        parks = queues();
        decided = queues();
        kernelSide = queues();
    }

    private TaskQueue[] queues() {
        TaskQueue[] queues = new TaskQueue[kernel.cpus.length];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new TaskQueue();
        }
        return queues;
    }

    // ---- the kernel side's own order ----

    private long kernelVtimeOf(TaskState task, boolean urgent) {
        long floor = kernelVtime - config.sliceNs();
        if (task.kthread && (urgent || task.execRuntime == 0)) {
            return floor - config.sliceNs();
        }
        if (urgent) {
            return floor;
        }
        if (task.kernelVtime - floor < 0) {
            task.kernelVtime = floor;
        }
        return task.kernelVtime;
    }

    void begins(TaskState task) {
        task.kernelVtime = kernelVtime;
    }

    void startKernelVtime(TaskState task) {
        if (task.kernelSide && kernelVtime - task.kernelVtime < 0) {
            kernelVtime = task.kernelVtime;
        }
    }

    void chargeKernelVtime(TaskState task, long used) {
        if (task.kernelSide) {
            task.kernelVtime += used * 100 / task.weight;
        }
    }

    long capSlice(long sliceNs) {
        long cap = Math.max(1, config.maxSliceNs() / (longestQueue + 1));
        return Long.compareUnsigned(sliceNs, cap) < 0 ? sliceNs : cap;
    }

    // ---- in ----

    /// An idle CPU among those a task may use, claimed; its node decides where that is wanted.
    int pickIdleCpu(TaskState task, int near) {
        int node = config.numaLocal() ? kernel.cpus[near].node : -1;
        return kernel.idle.pick(task.allowed, node);
    }

    /// The CPU it is on, if that is idle, else another one; claimed, or -1.
    int claimIdleCpu(TaskState task) {
        return task.allows(task.cpu) && kernel.idle.testAndClear(task.cpu)
                ? task.cpu
                : pickIdleCpu(task, task.cpu);
    }

    /// Where it is, else its first allowed one.
    int allowedCpu(TaskState task) {
        return task.allows(task.cpu) ? task.cpu : task.allowed.nextSetBit(0);
    }

    /// To the kernel side's queue that suits it; wakes an idle CPU for it.
    void enqueueKernelSide(TaskState task) {
        toKernelSide(task, null, false);
    }

    /// To the kernel side's queue that suits it, an overdue one before all others.
    ///
    /// @param from the queue it is in, or null
    /// @return whether it was moved, or put in
    boolean toKernelSide(TaskState task, TaskQueue from, boolean urgent) {
        int wake = claimIdleCpu(task);
        TaskQueue queue;
        if (wake >= 0) {
            queue = kernelSide[wake];
        } else if (task.nrAllowed >= kernel.cpus.length || urgent && task.nrAllowed > 1) {
            queue = kernelAny;
        } else {
            queue = kernelSide[allowedCpu(task)];
        }
        boolean moves = from == null || queue != from || !task.urgent;
        if (moves) {
            task.kernelSide = true;
            task.urgent = urgent;
            long vtime = kernelVtimeOf(task, urgent);
            long slice =
                    capSlice(
                            urgent
                                    ? Math.min(config.sliceNs(), URGENT_SLICE_NS)
                                    : config.sliceNs());
            if (from == null) {
                kernel.insert(task, queue, vtime, slice);
            } else {
                kernel.move(task, queue, vtime, slice);
            }
        }
        if (wake >= 0) {
            kernel.kickIdle(wake);
        }
        return moves;
    }

    void insertKernelSide(TaskState task, int cpu) {
        task.kernelSide = true;
        kernel.insert(
                task, kernelSide[cpu], kernelVtimeOf(task, false), capSlice(config.sliceNs()));
    }

    // ---- out ----

    /// One task for a CPU; those that were decided and the kernel side's take turns.
    boolean takeTask(CpuState c, boolean noneDecided) {
        boolean anyNext = (c.turn & 2) != 0;
        if ((c.turn & 1) != 0) {
            c.turn++;
            return takeFirst(c, kernelSide[c.id], kernelAny, anyNext)
                    || !noneDecided && takeDecided(c, anyNext);
        }
        if (!noneDecided && takeDecided(c, anyNext)) {
            c.turn++;
            return true;
        }
        c.turn += 2;
        return takeFirst(c, kernelSide[c.id], kernelAny, anyNext);
    }

    private boolean takeDecided(CpuState c, boolean anyNext) {
        TaskQueue local = decided[c.id];
        boolean anyFirst = anyNext;
        TaskState anywhere = decidedAny.firstFor(c.id);
        if (!local.isEmpty() && anywhere != null) {
            long later = anywhere.queueVtime - local.first().queueVtime;
            anyFirst = later < 0 || later == 0 && anyNext;
        }
        return takeFirst(c, local, decidedAny, anyFirst);
    }

    private boolean takeFirst(CpuState c, TaskQueue local, TaskQueue any, boolean anyFirst) {
        return anyFirst
                ? kernel.moveToLocal(c, any) || kernel.moveToLocal(c, local)
                : kernel.moveToLocal(c, local) || kernel.moveToLocal(c, any);
    }

    /// Counts who waits: sets the longest queue.
    ///
    /// @return whether any task is parked
    boolean countWaiting() {
        long longest = Math.max(decidedAny.size(), kernelAny.size());
        boolean parked = false;
        for (int cpu = 0; cpu < parks.length; cpu++) {
            longest = Math.max(longest, Math.max(decided[cpu].size(), kernelSide[cpu].size()));
            parked |= !parks[cpu].isEmpty();
        }
        longestQueue = longest;
        return parked;
    }
}
