// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.core.DispatchedTask;

/// A slot of the ring of decisions.
final class Decision {
    int pid;
    int cpu;
    boolean preempt;
    long sliceNs;
    long vtime;
    long generation;
    long policy;

    void copyFrom(DispatchedTask task, long by) {
        policy = by;
        pid = task.pid();
        cpu = task.cpu();
        preempt = (task.flags() & DispatchedTask.PREEMPT) != 0;
        sliceNs = task.sliceNs();
        vtime = task.vtime();
        generation = task.generation();
    }
}
