// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/// Small policies, right and wrong ones.
final class Policies {

    private Policies() {}

    /// Decides each task at once, as told.
    static Policy each(BiConsumer<QueuedTask, DispatchedTask> choice) {
        DispatchedTask decision = new DispatchedTask();
        return kernel -> {
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                decision.of(task).cpu(DispatchedTask.ANY_CPU);
                choice.accept(task, decision);
                if (!kernel.dispatchTask(decision)) {
                    throw new IllegalStateException("the ring is full");
                }
            }
            return 0;
        };
    }

    /// First in, first out, on any CPU.
    static Policy fifo() {
        return each((_, _) -> {});
    }

    /// Shares by weight: whoever has run least, for its weight, comes first.
    static Policy fair(long sliceNs) {
        return new ByVtime(sliceNs, true);
    }

    /// The same for whom all weights are equal.
    static Policy unweighted(long sliceNs) {
        return new ByVtime(sliceNs, false);
    }

    /// Last in, first out: whoever comes later has a smaller vtime.
    static Policy lifo() {
        long[] next = {0};
        return each((_, decision) -> decision.vtime(--next[0]));
    }

    /// Forgets every tenth task.
    static Policy forgetful() {
        int[] taken = {0};
        DispatchedTask decision = new DispatchedTask();
        return kernel -> {
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                if (++taken[0] % 10 != 0) {
                    kernel.dispatchTask(decision.of(task).cpu(DispatchedTask.ANY_CPU));
                }
            }
            return 0;
        };
    }

    private static final class ByVtime implements Policy {
        private final Map<Integer, Long> charged = new HashMap<>();
        private final DispatchedTask decision = new DispatchedTask();
        private final long sliceNs;
        private final boolean weighted;
        private long least;

        ByVtime(long sliceNs, boolean weighted) {
            this.sliceNs = sliceNs;
            this.weighted = weighted;
        }

        @Override
        public long schedule(KernelSide kernel) {
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                long ran = Math.max(0, task.stopTs() - task.startTs());
                long weight = weighted ? task.weight() : 100;
                long before = Math.max(charged.getOrDefault(task.pid(), 0L), least - sliceNs);
                long vtime = before + ran * 100 / weight;
                charged.put(task.pid(), vtime);
                least = Math.max(least, before);
                decision.of(task).cpu(DispatchedTask.ANY_CPU).vtime(vtime).sliceNs(sliceNs);
                kernel.dispatchTask(decision);
            }
            return 0;
        }
    }
}
