// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;

/// Decides each task at once, in order; what a test needs besides goes into the hooks.
class Fifo implements Policy {

    private final DispatchedTask decision = new DispatchedTask();
    private boolean undelivered;

    /// Looks at a task and fills in its decision: for the CPU it was on, with the default slice.
    ///
    /// @return false to leave the task without one
    boolean decide(QueuedTask task, DispatchedTask decision) {
        return true;
    }

    @Override
    public long schedule(KernelSide kernel) {
        if (undelivered && !kernel.dispatchTask(decision)) {
            return 1;
        }
        undelivered = false;
        QueuedTask task;
        while ((task = kernel.dequeueTask()) != null) {
            if (decide(task, decision.of(task)) && !kernel.dispatchTask(decision)) {
                undelivered = true;
                return 1;
            }
        }
        return 0;
    }
}
