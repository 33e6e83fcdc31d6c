// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

/// sched_ext's watchdog: looks twice in each timeout whether a task has been runnable for longer,
/// and then ends the scheduler.
final class Watchdog implements EventQueue.Event {

    private final Kernel kernel;
    private final long timeoutNs;
    private final TaskTable tasks;
    private final LoopSide side;
    private TaskState stalled;

    Watchdog(Kernel kernel, long timeoutNs, TaskTable tasks, LoopSide side) {
        this.kernel = kernel;
        this.timeoutNs = timeoutNs;
        this.tasks = tasks;
        this.side = side;
    }

    void start() {
        kernel.events.add(kernel.now() + timeoutNs / 2, this);
    }

    TaskState stalled() {
        return stalled;
    }

    @Override
    public void happen() {
        long now = kernel.now();
        stalled =
                tasks.all()
                        .filter(task -> task.measured.presentWaitNs(now) > timeoutNs)
                        .findFirst()
                        .orElse(null);
        if (stalled != null) {
            side.end();
        } else {
            start();
        }
    }
}
