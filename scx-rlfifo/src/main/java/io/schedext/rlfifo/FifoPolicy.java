// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.rlfifo;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;

/// First in, first out, with slices that shrink as the queue grows.
///
/// A policy is one method. It is called when tasks wait, by one thread, and nothing it calls
/// allocates: one decision object serves for all tasks. One object schedules one machine.
public final class FifoPolicy implements Policy {

    /// The longest slice, unless it is said: 5 ms.
    public static final long SLICE_NS = 5_000_000;

    private final long longestSliceNs;
    private final DispatchedTask decision = new DispatchedTask();
    private boolean undelivered;

    /// A policy with the usual slices.
    public FifoPolicy() {
        this(SLICE_NS);
    }

    /// A policy.
    ///
    /// @param longestSliceNs how long a task may run when no other waits, nanoseconds, above 0
    /// @throws IllegalArgumentException when it is not above 0
    public FifoPolicy(long longestSliceNs) {
        if (longestSliceNs <= 0) {
            throw new IllegalArgumentException("a slice is above 0 ns, not " + longestSliceNs);
        }
        this.longestSliceNs = longestSliceNs;
    }

    @Override
    public long schedule(KernelSide kernel) {
        // The ring to the kernel was full in the last cycle: that decision goes first.
        if (undelivered && !kernel.dispatchTask(decision)) {
            return 1;
        }
        undelivered = false;

        // The more tasks wait, the shorter each one's turn.
        long sliceNs = Math.max(1, longestSliceNs / (kernel.counters().queued() + 1));

        QueuedTask task;
        while ((task = kernel.dequeueTask()) != null) {
            // An idle CPU if there is one, the one it ran on before all others; else whichever is
            // free first.
            int idle = kernel.selectCpu(task.pid(), task.cpu(), 0);
            int cpu = idle >= 0 ? idle : DispatchedTask.ANY_CPU;

            // vtime stays 0 for all: equal vtimes run in order of arrival.
            if (!kernel.dispatchTask(decision.of(task).cpu(cpu).sliceNs(sliceNs))) {
                undelivered = true;
                return 1;
            }
        }
        // Nothing is held back: the loop may rest until the next task comes.
        return 0;
    }
}
