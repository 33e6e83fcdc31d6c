// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.testkit.Machine;
import io.schedext.testkit.internal.TaskState.Life;
import java.util.BitSet;

/// The part of the kernel that is sched_ext: who runs on which CPU, when tasks are queued and
/// switched, when the scheduler's operations are called. As 6.18 does it; the names are its own.
final class Kernel {

    /// `SCX_ENQ_WAKEUP`
    static final long ENQ_WAKEUP = 1;

    /// A clock begins somewhere, and 0 means never.
    static final long START = 1_000_000_000;

    /// Less work than this is a rounding error.
    private static final double NOTHING = 1e-3;

    final EventQueue events = new EventQueue();
    final Machine.Costs costs;
    final CpuState[] cpus;
    final IdleCpus idle;
    final Observer observer;
    private BpfSide bpf;
    private Scripts scripts;
    private long now = START;
    private long orders;

    Kernel(Machine machine, Observer observer) {
        costs = machine.costs();
        this.observer = observer;
        cpus = new CpuState[machine.cpus()];
        double[] speeds = machine.speeds();
        for (int i = 0; i < cpus.length; i++) {
            cpus[i] =
                    new CpuState(
                            this,
                            i,
                            speeds[i],
                            i / machine.threadsPerCore(),
                            i / machine.cpusPerCache(),
                            i / machine.cpusPerNode());
        }
        idle = new IdleCpus(cpus);
    }

    /// What could not be there yet when this was made.
    void connect(BpfSide bpf, Scripts scripts) {
        this.bpf = bpf;
        this.scripts = scripts;
    }

    long now() {
        return now;
    }

    /// Lets the next event happen, if it is not later than the limit.
    ///
    /// @return false when it would be; then it is the limit
    boolean step(long limit) {
        if (events.nextTime() > limit) {
            now = limit;
            return false;
        }
        now = events.nextTime();
        events.take().happen();
        return true;
    }

    /// Lets time pass in which nothing happens; for the loop, which works meanwhile.
    ///
    /// @return false when something would happen
    boolean skip(long until) {
        if (events.nextTime() <= until) {
            return false;
        }
        now = until;
        return true;
    }

    // ---- queues ----

    void insert(TaskState task, TaskQueue queue, long sliceNs) {
        insert(task, queue, 0, sliceNs);
    }

    void insert(TaskState task, TaskQueue queue, long vtime, long sliceNs) {
        task.sliceNs = sliceNs;
        queue.add(task, vtime, ++orders);
    }

    /// Moves a queued task, as scx_bpf_dsq_move_vtime() does.
    void move(TaskState task, TaskQueue queue, long vtime, long sliceNs) {
        task.queue.remove(task);
        insert(task, queue, vtime, sliceNs);
    }

    /// As scx_bpf_dsq_move_to_local(): the first one that may run there.
    boolean moveToLocal(CpuState c, TaskQueue queue) {
        TaskState task = queue.firstFor(c.id);
        if (task == null) {
            return false;
        }
        queue.remove(task);
        c.local.add(task, 0, ++orders);
        moveTo(task, c.id);
        return true;
    }

    private void moveTo(TaskState task, int cpu) {
        if (task.cpu != cpu) {
            task.cpu = cpu;
            task.measured.migrations++;
        }
    }

    // ---- kicks ----

    /// SCX_KICK_IDLE: to a CPU that is idle, or looking for work right now.
    void kickIdle(int cpu) {
        CpuState c = cpus[cpu];
        if (c.current == null || c.dispatching) {
            reschedule(c);
        }
    }

    /// SCX_KICK_PREEMPT
    void kickPreempt(int cpu) {
        CpuState c = cpus[cpu];
        if (c.current != null) {
            account(c);
            c.current.sliceNs = 0;
        }
        reschedule(c);
    }

    private void reschedule(CpuState c) {
        if (!c.kicked) {
            c.kicked = true;
            events.add(now + costs.wakeNs(), c.kick);
        }
    }

    void kicked(CpuState c) {
        c.kicked = false;
        schedule(c);
    }

    // ---- the life of a task ----

    /// @param waker the CPU of the task that wakes it, or -1 for a timer
    void wake(TaskState task, int waker, boolean sync) {
        task.wakeAt = Long.MAX_VALUE;
        task.measured.wakeUp(now);
        activate(task, waker, sync, ENQ_WAKEUP);
    }

    private void activate(TaskState task, int waker, boolean sync, long flags) {
        task.life = Life.RUNNABLE;
        // select_task_rq(): the scheduler is asked only where there is a choice
        int cpu =
                task.nrAllowed > 1
                        ? bpf.selectCpu(task, task.cpu, waker, sync)
                        : task.allowed.nextSetBit(0);
        moveTo(task, task.allows(cpu) ? cpu : task.allowed.nextSetBit(0));
        observer.wakes(now, task);
        bpf.enqueue(task, flags, false);
        CpuState c = cpus[task.cpu];
        if (c.current == null) {
            reschedule(c); // its class comes before the idle one
        }
    }

    /// The first time it is runnable, on the CPU of who started it.
    void start(TaskState task, int cpu) {
        task.cpu = task.allows(cpu) ? cpu : task.allowed.nextSetBit(0);
        task.measured.waits(now);
        activate(task, -1, false, 0);
    }

    /// The current task of a CPU sleeps.
    void sleep(CpuState c, long ns) {
        TaskState task = c.current;
        leaveCpu(c, Life.SLEEPING);
        if (ns != Long.MAX_VALUE) {
            wakeAt(task, later(now, ns));
        }
    }

    /// @param time when; [Long#MAX_VALUE] for never
    void wakeAt(TaskState task, long time) {
        task.wakeAt = time;
        events.add(
                time,
                () -> {
                    if (task.life == Life.SLEEPING && task.wakeAt == now) {
                        wake(task, -1, false);
                    }
                });
    }

    /// The current task of a CPU is held up: it sleeps though it never meant to.
    void block(CpuState c) {
        account(c);
        leaveCpu(c, Life.SLEEPING);
        schedule(c);
    }

    private void leaveCpu(CpuState c, Life life) {
        TaskState task = c.current;
        bpf.stopping(task, false);
        task.nvcsw++; // the kernel counts after it has told
        task.life = life;
        c.current = null;
        c.deadline = CpuState.NEVER;
        task.measured.stops(now, false);
        observer.stops(now, c.id, task);
    }

    /// The current task of a CPU ends.
    void exit(CpuState c) {
        TaskState task = c.current;
        leaveCpu(c, Life.EXITED);
        bpf.exitTask(task);
    }

    /// A task's affinity or weight changes: a queued one is taken out and queued anew.
    void change(TaskState task, Runnable change) {
        if (task.life != Life.RUNNABLE) {
            change.run();
            return;
        }
        task.queue.remove(task);
        change.run();
        observer.changes(now, task);
        bpf.enqueue(task, 0, false);
        if (!task.allows(task.cpu)) {
            // the kernel queues it where it was, and moves it then
            task.queue.remove(task);
            moveTo(task, task.allowed.nextSetBit(0));
            bpf.enqueue(task, 0, false);
        }
        if (cpus[task.cpu].current == null) {
            reschedule(cpus[task.cpu]);
        }
    }

    void affinity(TaskState task, BitSet allowed) {
        if (allowed.isEmpty() || allowed.length() > cpus.length) {
            throw new IllegalArgumentException(
                    "a task may use one CPU at least, of those there are: " + allowed);
        }
        change(
                task,
                () -> {
                    task.allowed = allowed;
                    task.nrAllowed = allowed.cardinality();
                });
        if (task.life == Life.RUNNING && !task.allows(task.cpu)) {
            kickPreempt(task.cpu);
        }
    }

    void nice(TaskState task, int nice) {
        int weight = Weights.of(nice);
        change(
                task,
                () -> {
                    task.nice = nice;
                    task.weight = weight;
                });
    }

    // ---- a CPU ----

    /// The current task has done its step, or its slice is over.
    void deadline(CpuState c) {
        account(c);
        TaskState task = c.current;
        if (task.work > NOTHING) {
            task.sliceNs = 0; // the tick found it used up
            schedule(c);
        } else if (scripts.goOn(c)) {
            setDeadline(c);
        } else {
            schedule(c);
        }
    }

    /// A time after another, or the end of all times.
    private static long later(long time, long ns) {
        long sum = time + ns;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /// What the current task has done since it was last asked.
    void account(CpuState c) {
        TaskState task = c.current;
        long ran = now - c.accountedAt;
        if (task == null || ran <= 0) {
            return;
        }
        c.accountedAt = now;
        task.work -= ran * c.speed;
        task.sliceNs = Math.max(0, task.sliceNs - ran);
        task.measured.runNs += ran;
    }

    void setDeadline(CpuState c) {
        TaskState task = c.current;
        long from = Math.max(now, c.accountedAt);
        long done =
                task.work == Double.POSITIVE_INFINITY
                        ? CpuState.NEVER
                        : later(from, (long) Math.ceil(Math.max(0, task.work) / c.speed));
        long tick = costs.tickNs();
        long over = Math.ceilDiv(from + Math.max(1, Math.min(task.sliceNs, 1L << 60)), tick) * tick;
        long deadline = Math.min(done, over);
        if (deadline != c.deadline) {
            c.deadline = deadline;
            events.add(deadline, c);
        }
    }

    /// __schedule(): which task is next here.
    void schedule(CpuState c) {
        account(c);
        TaskState prev = c.current;
        if (prev != null && prev.sliceNs > 0 && prev.allows(c.id)) {
            setDeadline(c);
            return;
        }
        if (c.local.isEmpty()) {
            c.dispatching = true;
            bpf.dispatch(c, prev != null && prev.allows(c.id) ? prev : null);
            c.dispatching = false;
        }
        if (prev != null && prev.sliceNs > 0 && prev.allows(c.id)) {
            setDeadline(c); // nobody else wants this CPU
            return;
        }
        if (prev != null) {
            putPrevious(c, prev);
        }
        if (c.local.isEmpty()) {
            c.deadline = CpuState.NEVER;
            idle.set(c.id);
            return;
        }
        TaskState next = c.local.first();
        c.local.remove(next);
        idle.clear(c.id);
        c.current = next;
        c.accountedAt = now + (next == prev ? 0 : costs.switchNs());
        c.deadline = CpuState.NEVER;
        next.life = Life.RUNNING;
        next.measured.starts(now);
        observer.starts(now, c.id, next);
        bpf.running(next, c);
        setDeadline(c);
    }

    private void putPrevious(CpuState c, TaskState prev) {
        c.current = null;
        bpf.stopping(prev, true);
        prev.life = Life.RUNNABLE;
        prev.measured.stops(now, true);
        observer.stops(now, c.id, prev);
        if (!prev.allows(c.id)) {
            moveTo(prev, prev.allowed.nextSetBit(0));
        }
        bpf.enqueue(prev, 0, prev.allows(c.id));
        if (prev.cpu != c.id && cpus[prev.cpu].current == null) {
            reschedule(cpus[prev.cpu]);
        }
    }
}
