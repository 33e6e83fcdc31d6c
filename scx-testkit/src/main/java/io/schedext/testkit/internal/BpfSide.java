// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.core.spi.CounterMemory;
import io.schedext.core.spi.CounterMemory.Cell;
import io.schedext.core.spi.KernelConfig;

/// The BPF program's operations: `main.bpf.c` and `life.h`, by the same names. Where that program
/// changes, this changes with it; the conformance tests hold one against the other.
final class BpfSide {

    /// How often in a row a waking task may pass by the queues of a CPU that was idle.
    private static final int PAST_QUEUES = 8;

    /// `SCX_WAKE_SYNC`
    private static final long WAKE_SYNC = 16;

    private static final int NOT_ASKED = 0;
    private static final int NONE_IDLE = -1;
    private static final long MILLISECOND = 1_000_000;

    private final Kernel kernel;
    private final KernelConfig config;
    private final CounterMemory counters;
    private final Queues queues;
    private final Custody custody;
    private final LoopWatch watch;
    private final LoopCare care;
    private final TaskState loop;

    BpfSide(
            Kernel kernel,
            KernelConfig config,
            CounterMemory counters,
            Queues queues,
            Custody custody,
            LoopWatch watch,
            LoopCare care,
            TaskState loop) {
        this.kernel = kernel;
        this.config = config;
        this.counters = counters;
        this.queues = queues;
        this.custody = custody;
        this.watch = watch;
        this.care = care;
        this.loop = loop;
    }

    // ---- ops.select_cpu ----

    int selectCpu(TaskState task, int prevCpu, int waker, boolean sync) {
        if (task == loop) {
            int cpu = idleCpuFor(task, prevCpu, waker, sync);
            return cpu >= 0 ? cpu : prevCpu;
        }
        boolean alone = watch.silent();
        if (!config.builtinIdle() && !alone) {
            return prevCpu;
        }
        int cpu;
        if (task.allows(prevCpu)
                && (sync && waker == prevCpu && kernel.cpus[waker].local.isEmpty()
                        || (alone || !kernel.idle.haveSiblings())
                                && kernel.idle.testAndClear(prevCpu))) {
            cpu = prevCpu;
        } else {
            cpu = idleCpuFor(task, prevCpu, waker, sync);
        }
        task.selected = cpu >= 0 ? cpu + 1 : NONE_IDLE;
        return cpu >= 0 ? cpu : prevCpu;
    }

    /// An idle CPU for a waking task, claimed, or negative.
    private int idleCpuFor(TaskState task, int prevCpu, int waker, boolean sync) {
        boolean possible = prevCpu >= 0 && task.allows(prevCpu);
        int prev = possible ? prevCpu : queues.allowedCpu(task);
        if (task.nrAllowed > 1 && !config.numaLocal()) {
            return kernel.idle.select(task.allowed, prev, waker, sync);
        }
        return kernel.idle.testAndClear(prev) ? prev : queues.pickIdleCpu(task, prev);
    }

    /// What the loop asks for by selectCpu().
    int findIdleCpu(TaskState task, int prevCpu, long flags) {
        int cpu = idleCpuFor(task, prevCpu, loop.cpu, (flags & WAKE_SYNC) != 0);
        if (cpu >= 0) {
            kernel.cpus[cpu].claimedAt = kernel.now();
        }
        return cpu;
    }

    // ---- ops.enqueue ----

    /// @param running whether it is the one that its CPU still runs
    void enqueue(TaskState task, long flags, boolean running) {
        if (task == loop) {
            care.enqueueLoop(flags);
            return;
        }
        noteRunnable(task);
        boolean alone = watch.silent();
        if (config.builtinIdle() || alone) {
            if (enqueueIdle(task, running)) {
                counters.count(task.cpu, alone ? Cell.SILENCE : Cell.DIRECT);
                return;
            }
        } else if (task.selected != NOT_ASKED) {
            if (task.selected > 0) {
                kernel.kickIdle(task.selected - 1);
            }
            task.selected = NOT_ASKED;
        }
        if (task.kthread) {
            counters.count(task.cpu, Cell.KTHREAD);
        } else if (alone) {
            counters.count(task.cpu, Cell.SILENCE);
        } else {
            boolean opened = custody.open(task, flags);
            if (!opened) {
                counters.count(task.cpu, Cell.CONGESTED);
                custody.closeRequeued(task);
                queues.enqueueKernelSide(task);
            }
            if (!care.wakeLoop(task.cpu) && opened && (flags & Kernel.ENQ_WAKEUP) != 0) {
                care.callLoop(task.cpu);
            }
            return;
        }
        custody.closeRequeued(task);
        queues.enqueueKernelSide(task);
    }

    private void noteRunnable(TaskState task) {
        if (!task.stopped) {
            return;
        }
        task.stopped = false;
        if (task.nvcsw == task.stoppedNvcsw) {
            return;
        }
        task.waitSince = kernel.now();
        task.execRuntime = 0;
    }

    private boolean enqueueIdle(TaskState task, boolean running) {
        if (running) {
            return false;
        }
        int selected = task.selected;
        int cpu = task.cpu;
        task.selected = NOT_ASKED;
        if (selected == NOT_ASKED) {
            cpu = idleCpuFor(task, cpu, -1, false);
        } else if (selected != cpu + 1) {
            if (selected > 0) {
                kernel.kickIdle(selected - 1);
            }
            return false;
        }
        if (cpu < 0) {
            return false;
        }
        custody.closeRequeued(task);
        CpuState c = kernel.cpus[cpu];
        if (selected != NOT_ASKED && queues.longestQueue == 0 && c.pastQueues < PAST_QUEUES) {
            c.pastQueues++;
            task.kernelSide = true;
            kernel.insert(task, c.local, queues.capSlice(config.sliceNs()));
            return true;
        }
        queues.insertKernelSide(task, cpu);
        if (selected == NOT_ASKED) {
            kernel.kickIdle(cpu);
        }
        return true;
    }

    // ---- ops.dispatch ----

    /// Its slice is over and others wait to run here: the loop decides it first.
    private boolean competes(TaskState prev, CpuState c) {
        return prev != null
                && prev != loop
                && !prev.kthread
                && !watch.silent()
                && !(queues.decided[c.id].isEmpty() && queues.decidedAny.isEmpty());
    }

    /// @param prev the task that ran here and is still runnable, or null
    void dispatch(CpuState c, TaskState prev) {
        long t = kernel.now();
        c.pastQueues = 0;
        custody.drain(c.id);
        if ((watch.mayRun(t) || competes(prev, c)) && kernel.moveToLocal(c, queues.loop)) {
            return;
        }
        if (queues.takeTask(c, watch.silent() && queues.longestQueue == 0)) {
            return;
        }
        if (prev == null || prev == loop && !watch.mayRun(t)) {
            return;
        }
        if (prev == loop) {
            watch.loopResting = false;
            prev.sliceNs = watch.slice(t);
        } else {
            counters.count(c.id, Cell.REFILLS);
            prev.sliceNs =
                    watch.loopCpu >= 0 ? Math.min(config.sliceNs(), MILLISECOND) : config.sliceNs();
        }
    }

    // ---- ops.running, ops.stopping, ops.exit_task ----

    void running(TaskState task, CpuState c) {
        long t = kernel.now();
        if (task == loop) {
            watch.runs(task, t);
            return;
        }
        counters.running(c.id, true);
        c.claimedAt = 0;
        task.startTs = t;
        noteRunnable(task);
        task.urgent = false;
        queues.startKernelVtime(task);
        task.sliceNs = queues.capSlice(task.sliceNs);
    }

    void stopping(TaskState task, boolean runnable) {
        long t = kernel.now();
        if (task == loop) {
            watch.stops(t, !runnable);
            return;
        }
        counters.running(task.cpu, false);
        task.stopTs = t;
        long used = Math.max(0, t - task.startTs);
        task.execRuntime += used;
        task.waitSince = t;
        task.stopped = !runnable;
        task.stoppedNvcsw = task.nvcsw;
        queues.chargeKernelVtime(task, used);
    }

    void exitTask(TaskState task) {
        if (custody.closeParked(task)) {
            counters.count(task.cpu, Cell.CLOSED_LEFT);
        }
    }
}
