// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import io.schedext.core.Counters;
import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.QueuedTask;
import io.schedext.core.TaskQueue;
import io.schedext.core.internal.Layout.Queued;
import java.lang.foreign.Arena;

/// The kernel as a policy sees it, which knows what the policy has taken and not decided yet: its
/// successor is shown these tasks first, in the order in which they came.
///
/// A policy that decides each task before it takes the next costs it a comparison per task; others
/// a copy of the record. For the loop thread.
public final class Custody implements KernelSide {

    /// More tasks than this are not handed over but overdue, sooner or later, and so dispatched by
    /// the kernel side.
    private static final int MOST_TASKS = 1 << 15;

    private final KernelSide kernel;
    private final TaskQueue undecided = new TaskQueue(MOST_TASKS);
    private final QueuedTask copy = new QueuedTask(Arena.ofAuto().allocate(Queued.BYTES, 8));

    /// The one that the policy looks at, unless it has decided it.
    private QueuedTask current;

    /// How many of the first of the undecided the policy has not seen.
    private int unseen;

    /// @param kernel where tasks come from and decisions go
    public Custody(KernelSide kernel) {
        this.kernel = kernel;
    }

    /// Another policy comes: what is undecided is shown to it.
    ///
    /// @return how many tasks that is
    public int handOver() {
        keepCurrent();
        unseen = undecided.size();
        return unseen;
    }

    /// The kernel side takes all tasks back by itself.
    public void forget() {
        current = null;
        undecided.clear();
        unseen = 0;
    }

    /// How many tasks of another policy this one has not taken yet.
    public int unseen() {
        return unseen;
    }

    private void keepCurrent() {
        if (current != null) {
            undecided.add(current, 0); // of equal keys the first to come is first
            current = null;
        }
    }

    @Override
    public QueuedTask dequeueTask() {
        keepCurrent();
        if (unseen > 0) {
            unseen--;
            current = copy.copyFrom(undecided.first());
            undecided.removeFirst();
        } else {
            current = kernel.dequeueTask();
        }
        return current;
    }

    @Override
    public boolean dispatchTask(DispatchedTask decision) {
        if (!kernel.dispatchTask(decision)) {
            return false;
        }
        if (decides(decision, current)) {
            current = null;
        } else if (undecided.size() > 0 && decides(decision, undecided.find(decision.pid()))) {
            undecided.remove(decision.pid());
            unseen = Math.min(unseen, undecided.size());
        }
        return true;
    }

    private static boolean decides(DispatchedTask decision, QueuedTask task) {
        return task != null
                && task.pid() == decision.pid()
                && task.generation() == decision.generation();
    }

    @Override
    public int selectCpu(int pid, int prevCpu, long flags) {
        return kernel.selectCpu(pid, prevCpu, flags);
    }

    @Override
    public void notifyComplete(long pending) {
        kernel.notifyComplete(pending + unseen);
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
