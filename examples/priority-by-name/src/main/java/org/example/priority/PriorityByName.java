// SPDX-License-Identifier: 0BSD
package org.example.priority;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;

/// Tasks whose name matches a pattern go first, unless another has waited for [#HEAD_START_NS]
/// longer, so that nobody starves; among equals, whoever came first.
///
/// It is called by one thread, when tasks wait, and nothing here allocates: while it collected
/// garbage, the machine would wait.
public final class PriorityByName implements Policy {

    private static final long HEAD_START_NS = 100_000_000;
    private static final long SLICE_NS = 5_000_000;

    private final NamePattern first;
    private final byte[] name = new byte[QueuedTask.COMM_BYTES];
    private final DispatchedTask decision = new DispatchedTask();
    private boolean undelivered;

    /// A policy, for one machine.
    ///
    /// @param first who goes first
    public PriorityByName(NamePattern first) {
        this.first = first;
    }

    @Override
    public long schedule(KernelSide kernel) {
        // The ring to the kernel was full in the last cycle: that decision goes first.
        if (undelivered && !kernel.dispatchTask(decision)) {
            return 1;
        }
        undelivered = false;

        long now = kernel.nanoTime();
        QueuedTask task;
        while ((task = kernel.dequeueTask()) != null) {
            // An idle CPU if there is one, else whichever is free first.
            int idle = kernel.selectCpu(task.pid(), task.cpu(), 0);
            int cpu = idle >= 0 ? idle : DispatchedTask.ANY_CPU;

            // The kernel side keeps the order: smaller runs first.
            long vtime = isFirst(task) ? now - HEAD_START_NS : now;

            if (!kernel.dispatchTask(decision.of(task).cpu(cpu).sliceNs(SLICE_NS).vtime(vtime))) {
                undelivered = true;
                return 1;
            }
        }
        // Nothing is held back.
        return 0;
    }

    private boolean isFirst(QueuedTask task) {
        return first.matches(name, task.copyComm(name));
    }
}
