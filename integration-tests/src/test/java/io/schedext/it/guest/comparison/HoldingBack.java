// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.comparison;

import io.schedext.core.Counters;
import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.TaskQueue;

/// Another policy's decisions, but no more at a time than CPUs are free; the others wait here, in
/// the order of their vtime. It is what a scheduler is like that keeps the order in user space, as
/// the Rust one does, to be compared with one that leaves it to the kernel side.
final class HoldingBack implements Policy {

    private static final int MOST_TASKS = 100_000;
    private static final long NORMAL_WEIGHT = 100;

    private final Policy policy;
    private final long sliceNs;
    private final long minSliceNs;
    private final TaskQueue held = new TaskQueue(MOST_TASKS);
    private final DispatchedTask decision = new DispatchedTask();
    private final Kept kept = new Kept();

    HoldingBack(Policy policy, long sliceNs, long minSliceNs) {
        this.policy = policy;
        this.sliceNs = sliceNs;
        this.minSliceNs = minSliceNs;
    }

    @Override
    public long schedule(KernelSide kernel) {
        kept.kernel = kernel;
        long undelivered = policy.schedule(kept);
        Counters counters = kernel.counters();
        long cpus = Math.max(1, counters.onlineCpus());
        // one for the CPU that the loop gives away, and one for each that runs nobody
        long free = 1 + cpus - Math.min(cpus, counters.running());
        long slice = Math.max(minSliceNs, sliceNs / (held.size() / cpus + 1));
        while (free > 0 && held.size() > 0) {
            QueuedTask task = held.first();
            decision.of(task)
                    .cpu(DispatchedTask.ANY_CPU)
                    .vtime(held.firstKey())
                    .sliceNs(
                            Math.clamp(slice * task.weight() / NORMAL_WEIGHT, minSliceNs, sliceNs));
            if (!kernel.dispatchTask(decision)) {
                break;
            }
            held.removeFirst();
            free--;
        }
        return held.size() + undelivered;
    }

    /// The kernel, but for what is dispatched without haste.
    private final class Kept implements KernelSide {

        private KernelSide kernel;
        private QueuedTask task;

        @Override
        public QueuedTask dequeueTask() {
            task = kernel.dequeueTask();
            return task;
        }

        @Override
        public boolean dispatchTask(DispatchedTask decided) {
            boolean now = decided.flags() != 0 || task == null || task.pid() != decided.pid();
            return !now && held.add(task, decided.vtime()) || kernel.dispatchTask(decided);
        }

        @Override
        public int selectCpu(int pid, int prevCpu, long flags) {
            return kernel.selectCpu(pid, prevCpu, flags);
        }

        @Override
        public void notifyComplete(long pending) {
            throw new IllegalStateException("that is not for a policy to call");
        }

        @Override
        public boolean exited() {
            return kernel.exited();
        }

        @Override
        public Counters counters() {
            return kernel.counters();
        }

        @Override
        public long nanoTime() {
            return kernel.nanoTime();
        }
    }
}
