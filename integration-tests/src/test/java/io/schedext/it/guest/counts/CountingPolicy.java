// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.core.DispatchedTask;
import io.schedext.core.QueuedTask;

/// First in, first out, on its own CPU or any; counts the records of each task. Each record gets
/// one decision.
final class CountingPolicy extends Fifo {

    private final int[] records = new int[Pids.max()];
    private long count;

    @Override
    boolean decide(QueuedTask task, DispatchedTask decision) {
        records[task.pid()]++;
        count++;
        decision.vtime(count).cpu(count % 2 == 0 ? DispatchedTask.ANY_CPU : task.cpu());
        return true;
    }

    /// Records of a task, each of which was answered by one decision.
    int records(int pid) {
        return records[pid];
    }

    /// Records of all tasks.
    long records() {
        return count;
    }
}
