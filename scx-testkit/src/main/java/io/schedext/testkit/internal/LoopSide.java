// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.core.Counters;
import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.QueuedTask;
import io.schedext.core.spi.CounterMemory;
import io.schedext.testkit.Machine;
import io.schedext.testkit.internal.TaskState.Life;

/// The kernel as the policy sees it. Whatever the policy calls takes the loop's CPU time, and what
/// happens on the machine meanwhile happens before the call returns: other CPUs run tasks, the loop
/// itself may lose its CPU and get it back.
final class LoopSide implements KernelSide {

    /// A policy that calls so often after its time is over has no intention to come back.
    private static final int MOST_CALLS_AFTER_THE_END = 10_000_000;

    /// A cycle that has begun is finished, as it would be if time went on, if it takes no longer:
    /// else what it does would be seen too early by those who go on.
    private static final long CYCLE_NS = 1_000_000;

    private final Kernel kernel;
    private final BpfSide bpf;
    private final Custody custody;
    private final LoopWatch watch;
    private final CounterMemory counters;
    private final TaskState loop;
    private final TaskTable tasks;
    private final Machine.Costs costs;

    private long limit;
    private long owed; // CPU time of calls that were made after the limit
    private boolean yieldOwed;
    private int callsAfterTheEnd;
    private boolean done;
    private boolean exited;

    LoopSide(
            Kernel kernel,
            BpfSide bpf,
            Custody custody,
            LoopWatch watch,
            CounterMemory counters,
            TaskState loop,
            TaskTable tasks) {
        this.kernel = kernel;
        this.bpf = bpf;
        this.custody = custody;
        this.watch = watch;
        this.counters = counters;
        this.loop = loop;
        this.tasks = tasks;
        costs = kernel.costs;
    }

    /// Goes on until a time; cycles whenever the loop has a CPU.
    void run(long until, Runnable cycle) {
        limit = until;
        callsAfterTheEnd = 0;
        payDebts();
        while (owed == 0 && !yieldOwed) {
            if (loop.life == Life.RUNNING && !exited && kernel.now() < limit) {
                cycle.run();
            } else if (!kernel.step(limit)) {
                return;
            }
        }
    }

    private void payDebts() {
        long debt = owed;
        owed = 0;
        if (debt > 0) {
            take(debt);
        }
        if (owed == 0 && yieldOwed) {
            yieldOwed = false;
            giveCpuAway();
        }
    }

    /// The loop has done what it was about to do.
    void stepDone() {
        done = true;
    }

    /// The kernel ends the scheduler.
    void end() {
        exited = true;
    }

    /// Takes CPU time; returns when the loop has had it, or at the limit.
    private void take(long ns) {
        if (owed > 0 || kernel.now() >= limit && loop.life != Life.RUNNING) {
            defer(ns);
            return;
        }
        CpuState c = kernel.cpus[loop.cpu];
        if (loop.life == Life.RUNNING) {
            long until = Math.max(kernel.now(), c.accountedAt) + ns;
            if (c.speed == 1
                    && until <= limit + CYCLE_NS
                    && until < c.deadline
                    && kernel.skip(until)) {
                return;
            }
            kernel.account(c);
        }
        loop.work = ns;
        done = false;
        if (loop.life == Life.RUNNING) {
            kernel.setDeadline(c);
        }
        while (!done) {
            if (!kernel.step(limit) && !kernel.step(limit + CYCLE_NS)) {
                kernel.account(kernel.cpus[loop.cpu]);
                defer(Math.max(1, (long) Math.ceil(loop.work)));
                loop.work = Double.POSITIVE_INFINITY;
                return;
            }
        }
    }

    private void defer(long ns) {
        owed += ns;
        if (++callsAfterTheEnd > MOST_CALLS_AFTER_THE_END) {
            throw new IllegalStateException("the policy does not return from schedule()");
        }
    }

    private void giveCpuAway() {
        watch.loopResting = true;
        loop.sliceNs = 0;
        kernel.schedule(kernel.cpus[loop.cpu]);
    }

    @Override
    public QueuedTask dequeueTask() {
        take(costs.dequeueNs());
        QueuedTask task = custody.next();
        if (task != null) {
            watch.progress++;
        }
        return task;
    }

    @Override
    public boolean dispatchTask(DispatchedTask task) {
        take(costs.dispatchNs());
        if (!custody.submit(task)) {
            return false;
        }
        watch.progress++;
        return true;
    }

    @Override
    public void changePolicy() {
        custody.policy++;
    }

    @Override
    public int selectCpu(int pid, int prevCpu, long flags) {
        take(costs.selectCpuNs());
        TaskState task = tasks.get(pid);
        return task == null ? -1 : bpf.findIdleCpu(task, prevCpu, flags);
    }

    @Override
    public void notifyComplete(long pending) {
        take(costs.cycleNs());
        watch.pending = pending;
        counters.pending(pending);
        watch.progress++;
        if (owed > 0 || loop.life != Life.RUNNING) {
            yieldOwed = true;
        } else {
            giveCpuAway();
        }
    }

    @Override
    public boolean exited() {
        return exited;
    }

    @Override
    public Counters counters() {
        return counters.counters();
    }

    @Override
    public long nanoTime() {
        return kernel.now();
    }
}
