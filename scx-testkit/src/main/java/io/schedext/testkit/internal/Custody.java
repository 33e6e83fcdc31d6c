// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.core.DispatchedTask;
import io.schedext.core.QueuedTask;
import io.schedext.core.spi.CounterMemory;
import io.schedext.core.spi.CounterMemory.Cell;
import io.schedext.core.spi.KernelConfig;
import io.schedext.core.spi.TaskRecords;

/// The way to the policy and back: `custody.h`, by the same names, and the two rings.
final class Custody {

    /// How many decisions one ops.dispatch() takes from the ring.
    private static final int DRAIN_BATCH = 64;

    /// What the BPF program's rings have room for.
    private static final int RECORDS = 5_461;

    private static final int DECISIONS = 4_681;

    private final Kernel kernel;
    private final KernelConfig config;
    private final Queues queues;
    private final CounterMemory counters;
    private final TaskTable tasks;
    private final TaskState loop;

    private final TaskRecords records;
    private int firstRecord;
    private int queued;
    private boolean shown;

    private final Decision[] decisions;
    private int firstDecision;
    private int waiting;
    private long submitted;
    private int distributed = -1;

    /// Changes with each policy that takes the place of another.
    long policy;

    /// @param tasks that live, by pid
    Custody(
            Kernel kernel,
            KernelConfig config,
            Queues queues,
            CounterMemory counters,
            TaskTable tasks,
            TaskState loop) {
        this.kernel = kernel;
        this.config = config;
        this.queues = queues;
        this.counters = counters;
        this.tasks = tasks;
        this.loop = loop;
        records = new TaskRecords(RECORDS);
        decisions = new Decision[DECISIONS];
        for (int i = 0; i < decisions.length; i++) {
            decisions[i] = new Decision();
        }
    }

    // ---- to the policy ----

    /// Records in the ring; the one that the policy looks at is still there.
    int queued() {
        return queued;
    }

    /// @return false when the ring is full
    boolean open(TaskState task, long flags) {
        if (queued == records.slots()) {
            return false;
        }
        closeRequeued(task);
        task.park = task.cpu;
        task.parkedAt = kernel.now();
        task.kernelSide = false;
        task.custody = TaskState.Custody.PARKED;
        task.generation++;
        counters.count(task.cpu, Cell.OPENED);
        records.at((firstRecord + queued) % records.slots())
                .ids(task.pid, task.tgid)
                .place(task.cpu, task.nrAllowed)
                .queueing(flags, task.generation)
                .ran(task.startTs, task.stopTs, task.execRuntime)
                .share(task.weight, task.policy == policy ? task.vtime : 0)
                .comm(task.comm);
        queued++;
        kernel.insert(task, queues.parks[task.park], config.sliceNs());
        return true;
    }

    /// The next record, which frees the one before; null when there is none.
    QueuedTask next() {
        if (shown) {
            firstRecord = (firstRecord + 1) % records.slots();
            queued--;
            shown = false;
        }
        if (queued == 0) {
            return null;
        }
        shown = true;
        return records.view(firstRecord);
    }

    // ---- the end of custody ----

    /// It is no longer in its park by no doing of ours.
    boolean closeParked(TaskState task) {
        boolean parked = task.custody == TaskState.Custody.PARKED;
        if (parked) {
            free(task);
        }
        return parked;
    }

    /// Its wait for a decision is over.
    void free(TaskState task) {
        task.custody = TaskState.Custody.FREE;
        task.measured.wasInCustody(kernel.now() - task.parkedAt);
    }

    void closeRequeued(TaskState task) {
        if (closeParked(task)) {
            counters.count(task.cpu, Cell.CLOSED_REQUEUED);
        }
    }

    // ---- back ----

    boolean submit(DispatchedTask task) {
        if (waiting == decisions.length) {
            return false;
        }
        decisions[(firstDecision + waiting) % decisions.length].copyFrom(task, policy);
        waiting++;
        counters.submitted(++submitted);
        return true;
    }

    /// Carries out what the policy decided.
    void drain(int cpu) {
        int drained = 0;
        while (waiting > 0 && drained < DRAIN_BATCH) {
            Decision decision = decisions[firstDecision];
            firstDecision = (firstDecision + 1) % decisions.length;
            waiting--;
            drained++;
            counters.count(cpu, Cell.DRAINED);
            decide(cpu, decision);
        }
        if (waiting == 0) {
            return;
        }
        kernel.kickIdle(cpu);
        int other = kernel.idle.pickAny();
        if (other >= 0) {
            kernel.kickIdle(other);
        }
    }

    private void decide(int here, Decision d) {
        TaskState task = tasks.get(d.pid);
        if (task == null) {
            counters.count(here, d.pid <= 0 ? Cell.REFUSED : Cell.GONE);
            return;
        }
        if (task.generation == 0) {
            counters.count(here, Cell.REFUSED);
            return;
        }
        if (task.custody != TaskState.Custody.PARKED || task.generation != d.generation) {
            counters.count(here, Cell.STALE);
            return;
        }
        if (kernel.now() - task.parkedAt < kernel.costs.insertNs()) {
            // the first move fails, but waits for the task to be there; the second one succeeds
            counters.count(here, Cell.MOVE_RETRIES);
        }
        boolean bounced = false;
        int kick;
        if (d.cpu == DispatchedTask.ANY_CPU) {
            kick = task.nrAllowed > 1 ? -1 : queues.allowedCpu(task);
        } else if (d.cpu >= 0 && d.cpu < kernel.cpus.length && task.allows(d.cpu)) {
            kick = d.cpu;
        } else {
            kick = queues.allowedCpu(task);
            bounced = true;
        }
        task.vtime = d.vtime;
        task.policy = d.policy;
        kernel.move(
                task,
                kick >= 0 ? queues.decided[kick] : queues.decidedAny,
                d.vtime,
                queues.capSlice(d.sliceNs != 0 ? d.sliceNs : config.sliceNs()));
        free(task);
        counters.count(here, bounced ? Cell.CLOSED_BOUNCED : Cell.CLOSED_USER);
        counters.latency(kernel.now() - task.parkedAt);
        wakeFor(task, kick, d.preempt);
    }

    private void wakeFor(TaskState task, int kick, boolean preempt) {
        int cpu = kick >= 0 ? kick : queues.claimIdleCpu(task);
        if (preempt && kick >= 0) {
            takeCpu(kick);
        } else if (preempt && cpu < 0) {
            takeAnyCpu(task);
        } else if (cpu >= 0) {
            kernel.kickIdle(cpu);
        }
    }

    private boolean runsTheLoop(int cpu) {
        return loop.life == TaskState.Life.RUNNING && loop.cpu == cpu;
    }

    private void takeCpu(int cpu) {
        if (!runsTheLoop(cpu)) {
            kernel.kickPreempt(cpu);
        }
    }

    private void takeAnyCpu(TaskState task) {
        int cpu = task.cpu;
        if (runsTheLoop(cpu) || !task.allows(cpu)) {
            // bpf_cpumask_any_distribute()
            cpu = task.allowed.nextSetBit(distributed + 1);
            if (cpu < 0) {
                cpu = task.allowed.nextSetBit(0);
            }
            distributed = cpu;
        }
        takeCpu(cpu);
    }
}
