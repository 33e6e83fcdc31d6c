// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.testkit.internal.TaskState.Life;

/// Holds the loop up: a safepoint, which a thread reaches only when it runs.
final class LoopHold implements Observer {

    private Kernel kernel;
    private TaskState loop;
    private long until = Long.MIN_VALUE;

    void watch(Kernel observed, TaskState thread) {
        kernel = observed;
        loop = thread;
    }

    /// From now on it does nothing until then, or as soon as it has a CPU.
    void until(long time) {
        until = Math.max(until, time);
        hold();
    }

    private void hold() {
        if (kernel.now() < until && loop.life == Life.RUNNING) {
            kernel.block(kernel.cpus[loop.cpu]);
            kernel.wakeAt(loop, until);
        } else if (loop.life == Life.SLEEPING && loop.wakeAt < until) {
            kernel.wakeAt(loop, until); // it is held up already
        }
    }

    @Override
    public void starts(long time, int cpu, TaskState task) {
        if (task == loop && time < until) {
            kernel.events.add(time, this::hold); // after the switch
        }
    }
}
