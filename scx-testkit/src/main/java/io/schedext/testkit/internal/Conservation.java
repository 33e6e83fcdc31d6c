// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

/// Adds up the CPU time that was lost: CPUs idle while tasks waited that may run on any. Those that
/// may not run everywhere are left out: theirs may well be busy.
final class Conservation implements Observer {

    private final int cpus;
    private int running;
    private int waiting;
    private long since;
    private long lostNs;

    /// @param start from when on it adds up
    Conservation(int cpus, long start) {
        this.cpus = cpus;
        since = start;
    }

    /// Adds what was lost until now.
    void until(long time) {
        int idle = cpus - running;
        lostNs += (time - since) * Math.min(idle, waiting);
        since = time;
    }

    long lostNs() {
        return lostNs;
    }

    private void waits(TaskState task) {
        // the loop waits when it rests
        if (task.script != null && task.nrAllowed >= cpus) {
            task.waitCounts = true;
            waiting++;
        }
    }

    private void ends(TaskState task) {
        if (task.waitCounts) {
            task.waitCounts = false;
            waiting--;
        }
    }

    @Override
    public void wakes(long time, TaskState task) {
        until(time);
        waits(task);
    }

    @Override
    public void changes(long time, TaskState task) {
        until(time);
        ends(task);
        waits(task);
    }

    @Override
    public void starts(long time, int cpu, TaskState task) {
        until(time);
        running++;
        ends(task);
    }

    @Override
    public void stops(long time, int cpu, TaskState task) {
        until(time);
        running--;
        if (task.life == TaskState.Life.RUNNABLE) {
            waits(task);
        }
    }
}
