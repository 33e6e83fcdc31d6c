// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.core.spi.TaskRecords;
import io.schedext.testkit.Behaviour;
import java.util.BitSet;

/// A simulated task: what the kernel knows of it, what the kernel side keeps for it (`struct
/// task_ctx` of the BPF program, by the same names), and what it is about to do.
final class TaskState {

    enum Custody {
        FREE,
        PARKED
    }

    enum Life {
        NEW,
        SLEEPING,
        RUNNABLE,
        RUNNING,
        EXITED
    }

    final int pid;
    final int tgid;
    final String name;
    final byte[] comm;
    final boolean kthread;
    TaskHandle handle;
    final Measured measured = new Measured();

    // what the kernel knows
    Life life = Life.NEW;
    BitSet allowed;
    int nrAllowed;
    int nice;
    int weight;
    int cpu;
    long sliceNs;
    long nvcsw;

    // where it waits
    TaskQueue queue;
    long queueVtime;
    TaskState parent;
    TaskState left;
    TaskState right;
    long heap;

    // what it is about to do
    Behaviour.Script script;
    double work; // nanoseconds left of a step that runs, on a CPU of speed 1
    long wakeAt = Long.MAX_VALUE;
    boolean wokenEarly;
    long stepsAt;
    int stepsAtOnce; // since time last passed
    boolean waitCounts; // among those that any idle CPU could run

    // struct task_ctx
    Custody custody = Custody.FREE;
    long generation;
    int park;
    long parkedAt;
    long waitSince;
    long startTs;
    long stopTs;
    long execRuntime;
    long vtime;
    long policy;
    long kernelVtime;
    int selected;
    boolean kernelSide;
    boolean urgent;
    boolean stopped = true;
    long stoppedNvcsw = -1;

    TaskState(int pid, int tgid, String name, boolean kthread) {
        this.pid = pid;
        this.tgid = tgid;
        this.name = name;
        this.comm = TaskRecords.utf8(name);
        this.kthread = kthread;
    }

    boolean allows(int cpu) {
        return allowed.get(cpu);
    }

    boolean onRunQueue() {
        return life == Life.RUNNABLE || life == Life.RUNNING;
    }

    @Override
    public String toString() {
        return name + " (" + pid + ")";
    }
}
