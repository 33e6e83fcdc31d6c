// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.core.QueuedTask;

/// What must hold between one record of a task and its next, when each is decided and each decision
/// carried out. Called by the loop; allocates nothing.
final class RecordChecks {

    private final long[] generation;
    private final long[] vtime;
    private final long[] stopTs;
    private final long wakeup;
    private long records;
    private long wakeups;
    private long wrongGeneration;
    private long wrongVtime;
    private long wrongTime;
    private long wrongRuntime;

    private final long begun = System.nanoTime();

    /// @param wakeup the kernel's SCX_ENQ_WAKEUP
    RecordChecks(long wakeup) {
        this.wakeup = wakeup;
        int pids = Pids.max();
        generation = new long[pids];
        vtime = new long[pids];
        stopTs = new long[pids];
    }

    /// @param decided the vtime of the decision that answers this record
    void check(QueuedTask task, long decided) {
        int pid = task.pid();
        boolean woken = (task.flags() & wakeup) != 0;
        records++;
        wakeups += woken ? 1 : 0;
        wrongGeneration += task.generation() != generation[pid] + 1 ? 1 : 0;
        wrongVtime += task.vtime() != vtime[pid] ? 1 : 0;
        wrongTime +=
                task.startTs() > task.stopTs()
                                || task.stopTs() < stopTs[pid]
                                || task.stopTs() > System.nanoTime()
                                || task.generation() > 1 && task.stopTs() < begun
                                || task.generation() > 1 && task.stopTs() == stopTs[pid]
                        ? 1
                        : 0;
        // it counts from the wake-up; a run since then is part of it
        wrongRuntime +=
                woken
                        ? task.execRuntime() != 0 ? 1 : 0
                        : task.execRuntime() < task.stopTs() - task.startTs() ? 1 : 0;
        generation[pid] = task.generation();
        vtime[pid] = decided;
        stopTs[pid] = task.stopTs();
    }

    long records() {
        return records;
    }

    /// Records of one task: the generation counts them.
    long records(int pid) {
        return generation[pid];
    }

    /// Records with the flag of a wake-up.
    long wakeups() {
        return wakeups;
    }

    /// Records whose generation is not one more than the last one's.
    long wrongGeneration() {
        return wrongGeneration;
    }

    /// Records whose vtime is not that of the last decision.
    long wrongVtime() {
        return wrongVtime;
    }

    /// Records that stopped before they started, not after the last one, before all this began, or
    /// in the future.
    long wrongTime() {
        return wrongTime;
    }

    /// Woken tasks with a run time, others with less than their last run.
    long wrongRuntime() {
        return wrongRuntime;
    }
}
