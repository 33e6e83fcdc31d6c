// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.core.spi.CounterMemory;
import io.schedext.core.spi.CounterMemory.Cell;
import io.schedext.core.spi.KernelConfig;
import java.util.ArrayList;
import java.util.List;

/// Finds CPUs for the loop, and by the timer for whoever waits for too long: the rest of `loop.h`,
/// `timer.h` and `rescue.h`, by the same names.
final class LoopCare implements EventQueue.Event {

    private static final long WATCH_NS = 4_000_000;
    private static final long IDLING_NS = 1_000_000;
    private static final int CALLS = 4;
    private static final long CALLS_NS = 4_000_000;
    private static final long CALLED_NS = 50_000;

    /// How many tasks of a queue are looked at each time.
    private static final int SWEEP_BATCH = 512;

    private final Kernel kernel;
    private final KernelConfig config;
    private final CounterMemory counters;
    private final Queues queues;
    private final Custody custody;
    private final LoopWatch watch;
    private final TaskState loop;
    private final List<TaskState> found = new ArrayList<>();
    private long sweptAt;
    private long sweptPolicy;
    private long loopCalled = -CALLED_NS;
    private long callsWindow;
    private int calls;

    LoopCare(
            Kernel kernel,
            KernelConfig config,
            CounterMemory counters,
            Queues queues,
            Custody custody,
            LoopWatch watch,
            TaskState loop) {
        this.kernel = kernel;
        this.config = config;
        this.counters = counters;
        this.queues = queues;
        this.custody = custody;
        this.watch = watch;
        this.loop = loop;
    }

    // ---- the loop ----

    boolean wakeLoop(int near) {
        if (watch.loopCpu >= 0 || watch.loopBlocked) {
            return false;
        }
        int cpu = watch.loopPinned ? watch.loopHome : near;
        if (!kernel.idle.testAndClear(cpu)) {
            if (watch.loopPinned) {
                return false;
            }
            cpu = kernel.idle.pickAny();
            if (cpu < 0) {
                if (kernel.now() < watch.loopSince + IDLING_NS) {
                    kernel.kickIdle(watch.loopHome);
                }
                return false;
            }
        }
        counters.count(cpu, Cell.LOOP_KICKS);
        kernel.kickIdle(cpu);
        return true;
    }

    /// A task has woken up and no CPU is idle: the loop takes that one.
    void callLoop(int cpu) {
        long t = kernel.now();
        if (watch.loopCpu >= 0
                || watch.loopBlocked
                || t - watch.loopSince < CALLED_NS
                || t - loopCalled < CALLED_NS) {
            return;
        }
        if (t - callsWindow >= CALLS_NS) {
            callsWindow = t;
            calls = 0;
        }
        if (calls >= CALLS) {
            return;
        }
        calls++;
        loopCalled = t;
        counters.count(cpu, Cell.LOOP_PREEMPTS);
        kernel.kickPreempt(watch.loopPinned ? watch.loopHome : cpu);
    }

    void enqueueLoop(long flags) {
        long t = kernel.now();
        watch.queued(loop, t);
        kernel.insert(loop, queues.loop, watch.slice(t));
        if (!watch.mayRun(t) || wakeLoop(loop.cpu)) {
            return;
        }
        if ((flags & Kernel.ENQ_WAKEUP) != 0) {
            kernel.kickPreempt(loop.cpu);
        } else if (!watch.stalled(t)) {
            kernel.kickIdle(loop.cpu);
        }
    }

    private void lookAfterLoop(long t) {
        if (watch.loopCpu >= 0) {
            if (watch.overBudget(t)) {
                kernel.kickPreempt(watch.loopCpu);
            }
            return;
        }
        long waited = t - watch.loopSince;
        if (watch.loopBlocked || waited < 0) {
            return;
        }
        if (waited > 2 * WATCH_NS && watch.mayRun(t)) {
            if (!wakeLoop(watch.loopHome)) {
                counters.count(watch.loopHome, Cell.LOOP_PREEMPTS);
                kernel.kickPreempt(watch.loopHome);
            }
        } else if (waited > config.heartbeatNs()) {
            watch.heartbeat = true;
            wakeLoop(watch.loopHome);
        }
    }

    // ---- the timer ----

    void start() {
        kernel.events.add(kernel.now() + config.timerNs(), this);
    }

    @Override
    public void happen() {
        long t = kernel.now();
        boolean parked = queues.countWaiting();
        counters.waiting(queues.longestQueue);
        for (CpuState c : kernel.cpus) {
            if (!queues.decided[c.id].isEmpty() || !queues.kernelSide[c.id].isEmpty()) {
                kernel.kickIdle(c.id);
            }
        }
        if (watch.watch(t, parked)) {
            for (CpuState c : kernel.cpus) {
                sweepPark(c.id, t, true);
            }
        }
        if (t - sweptAt >= config.timerNs() || sweptPolicy != custody.policy) {
            sweep(t);
        }
        fillIdleCpu(queues.decidedAny);
        fillIdleCpu(queues.kernelAny);
        lookAfterLoop(t);
        boolean soon = parked || queues.longestQueue > 0 || watch.stalled(t);
        kernel.events.add(t + (soon ? WATCH_NS : config.timerNs()), this);
    }

    private void fillIdleCpu(TaskQueue queue) {
        int cpu = queue.isEmpty() ? -1 : kernel.idle.pickAny();
        if (cpu >= 0) {
            kernel.kickIdle(cpu);
        }
    }

    private void sweep(long t) {
        sweptAt = t;
        sweptPolicy = custody.policy;
        for (CpuState c : kernel.cpus) {
            sweepPark(c.id, t, false);
            sweepQueue(queues.decided[c.id], t);
            sweepQueue(queues.kernelSide[c.id], t);
            if (c.claimedAt != 0 && t - c.claimedAt >= config.timerNs()) {
                c.claimedAt = 0;
                kernel.kickIdle(c.id);
            }
        }
        sweepQueue(queues.decidedAny, t);
        sweepQueue(queues.kernelAny, t);
    }

    private boolean overdue(TaskState task, long t) {
        return t - task.waitSince >= config.overdueNs();
    }

    private void sweepPark(int cpu, long t, boolean all) {
        TaskQueue park = queues.parks[cpu];
        found.clear();
        TaskState next = park.first();
        for (int i = 0; i < SWEEP_BATCH && next != null; i++) {
            collect(next, all || overdue(next, t));
            next = TaskQueue.after(next);
        }
        for (TaskState task : found) {
            if (queues.toKernelSide(task, park, overdue(task, t))) {
                custody.free(task);
                counters.count(cpu, all ? Cell.CLOSED_SILENCE : Cell.CLOSED_OVERDUE);
            }
        }
    }

    private boolean decidedByAnother(TaskState task) {
        return !task.kernelSide && task.policy != custody.policy;
    }

    private void sweepQueue(TaskQueue queue, long t) {
        found.clear();
        TaskState next = queue.last();
        for (int i = 0; i < SWEEP_BATCH && next != null; i++) {
            collect(next, overdue(next, t) || decidedByAnother(next));
            next = TaskQueue.before(next);
        }
        for (TaskState task : found) {
            if (queues.toKernelSide(task, queue, overdue(task, t))) {
                counters.count(task.cpu, Cell.RESCUED);
            }
        }
    }

    private void collect(TaskState task, boolean wanted) {
        if (wanted) {
            found.add(task);
        }
    }
}
