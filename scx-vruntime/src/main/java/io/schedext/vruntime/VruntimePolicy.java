// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;

/// Weighted virtual time: a task's vtime grows by the CPU time it used, the slower the heavier it
/// is, and the kernel runs the smallest vtime first.
///
/// Nothing is kept here per task: the kernel hands back the vtime of the last decision with each
/// record. Who slept long starts at most one slice behind the clock, so that sleeping saves up no
/// more than that. One object schedules one machine; nothing allocates.
public final class VruntimePolicy implements Policy {

    /// The weight of nice 0, for which virtual and real time pass alike.
    private static final long NORMAL_WEIGHT = 100;

    private final long sliceNs;
    private final DispatchedTask decision = new DispatchedTask();
    private boolean undelivered;
    private long clock;

    /// A policy.
    ///
    /// @param sliceNs how long a task may run at a time, nanoseconds, above 0
    /// @throws IllegalArgumentException when it is not above 0
    public VruntimePolicy(long sliceNs) {
        if (sliceNs <= 0) {
            throw new IllegalArgumentException("a slice is above 0 ns, not " + sliceNs);
        }
        this.sliceNs = sliceNs;
    }

    @Override
    public long schedule(KernelSide kernel) {
        // The ring to the kernel was full in the last cycle: that decision goes first.
        if (undelivered && !kernel.dispatchTask(decision)) {
            return 1;
        }
        undelivered = false;

        QueuedTask task;
        while ((task = kernel.dequeueTask()) != null) {
            int idle = kernel.selectCpu(task.pid(), task.cpu(), 0);
            decision.of(task)
                    .cpu(idle >= 0 ? idle : DispatchedTask.ANY_CPU)
                    .sliceNs(sliceNs)
                    .vtime(nextVtime(task));
            if (!kernel.dispatchTask(decision)) {
                undelivered = true;
                return 1;
            }
        }
        return 0;
    }

    /// Where in the order the task runs next; vtimes wrap, so they are compared by difference.
    private long nextVtime(QueuedTask task) {
        long vtime = task.vtime();
        // The smallest vtime runs first, so the one a task ran with is how far everybody is.
        if (vtime - clock > 0) {
            clock = vtime;
        }
        long used = task.stopTs() - task.startTs();
        if (used > 0) {
            vtime += used * NORMAL_WEIGHT / Math.max(1, task.weight());
        }
        long earliest = clock - sliceNs;
        return vtime - earliest < 0 ? earliest : vtime;
    }
}
