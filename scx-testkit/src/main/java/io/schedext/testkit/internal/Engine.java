// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.core.Counters;
import io.schedext.core.HandOver;
import io.schedext.core.Policy;
import io.schedext.core.RunLoop;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.spi.CounterMemory;
import io.schedext.core.spi.KernelConfig;
import io.schedext.testkit.Behaviour;
import io.schedext.testkit.Behaviour.Step;
import io.schedext.testkit.Machine;
import io.schedext.testkit.SimulatedTask;
import io.schedext.testkit.internal.TaskState.Life;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/// Puts a simulated machine together and lets it go on.
public final class Engine implements Scripts.Steps {

    private static final int LOOP_PID = 1;
    private static final int FIRST_PID = 100;

    private final Machine machine;
    private final Kernel kernel;
    private final long epoch;
    private final LoopSide side;
    private final RunLoop runLoop;
    private final TaskState loop;
    private final CounterMemory counters;
    private final Queues queues;
    private final Custody custody;
    private final Conservation conservation;
    private final Recorder recorder;
    private final LoopHold hold;
    private final Watchdog watchdog;
    private final SplittableRandom seeds;
    private final TaskTable living = new TaskTable();
    private final List<SimulatedTask> tasks = new ArrayList<>();
    private int nextPid = FIRST_PID;
    private RuntimeException failure;
    private long asked;

    public Engine(Machine machine, SchedulerOptions options, Policy policy, long seed) {
        this.machine = machine;
        seeds = new SplittableRandom(seed);
        conservation = new Conservation(machine.cpus(), Kernel.START);
        recorder = new Recorder(machine.cpus());
        hold = new LoopHold();
        kernel =
                new Kernel(
                        machine,
                        new Observer.Both(hold, new Observer.Both(conservation, recorder)));
        epoch = kernel.now();
        asked = epoch;
        KernelConfig config = KernelConfig.of(options);
        counters = new CounterMemory(machine.cpus(), () -> custodyQueued());
        loop = new TaskState(LOOP_PID, LOOP_PID, "loop", false);
        everywhere(loop);
        hold.watch(kernel, loop);
        queues = new Queues(kernel, config);
        custody = new Custody(kernel, config, queues, counters, living, loop);
        LoopWatch watch = new LoopWatch(kernel, config, counters, custody::queued);
        LoopCare care = new LoopCare(kernel, config, counters, queues, custody, watch, loop);
        BpfSide bpf = new BpfSide(kernel, config, counters, queues, custody, watch, care, loop);
        kernel.connect(bpf, new Scripts(kernel, this));
        side = new LoopSide(kernel, bpf, custody, watch, counters, loop, living);
        runLoop = new RunLoop(side, policy);
        watchdog = new Watchdog(kernel, options.watchdogTimeout().toNanos(), living, side);
        care.start();
        watchdog.start();
        kernel.start(loop, 0);
    }

    private long custodyQueued() {
        return custody.queued();
    }

    private void everywhere(TaskState task) {
        task.allowed = new BitSet();
        task.allowed.set(0, machine.cpus());
        task.nrAllowed = machine.cpus();
        task.weight = Weights.of(0);
    }

    /// @param kthread whether it is a kernel thread
    public SimulatedTask spawn(String name, Behaviour behaviour, boolean kthread) {
        int pid = nextPid++;
        return spawn(new TaskState(pid, pid, name, kthread), behaviour, null);
    }

    private SimulatedTask spawn(TaskState task, Behaviour behaviour, TaskState parent) {
        everywhere(task);
        if (parent != null) {
            task.allowed = (BitSet) parent.allowed.clone();
            task.nrAllowed = parent.nrAllowed;
            task.nice = parent.nice;
            task.weight = parent.weight;
        }
        TaskHandle handle = new TaskHandle(task, kernel, epoch);
        task.handle = handle;
        task.script = behaviour.begin(seeds.split());
        living.add(task);
        queues.begins(task);
        tasks.add(handle);
        int cpu = parent == null ? task.pid % machine.cpus() : parent.cpu;
        kernel.events.add(kernel.now(), () -> kernel.start(task, cpu));
        return handle;
    }

    /// Lets another policy decide from the next cycle on.
    public HandOver swap(Policy next) {
        return runLoop.swap(next);
    }

    /// Goes on for so long.
    ///
    /// @param ns nanoseconds, 0 or more
    public void run(long ns) {
        if (failure != null) {
            throw failure;
        }
        // the last cycle may have gone on a little longer
        long until = Math.addExact(asked, ns);
        asked = until;
        try {
            side.run(until, runLoop::cycle);
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
        for (CpuState c : kernel.cpus) {
            kernel.account(c);
        }
        conservation.until(kernel.now());
    }

    /// At that time, from now, the loop is held up for so long.
    ///
    /// @param inNs 0 or more
    /// @param forNs 0 or more
    public void pauseLoop(long inNs, long forNs) {
        if (inNs < 0 || forNs < 0) {
            throw new IllegalArgumentException("a pause neither begins nor ends before now");
        }
        long begin = Math.addExact(kernel.now(), inNs);
        long end = Math.addExact(begin, forNs);
        kernel.events.add(begin, () -> hold.until(end));
    }

    /// Wakes a task that sleeps; one that does not will not sleep next time.
    public void wake(SimulatedTask task) {
        wake(((TaskHandle) task).state, -1);
    }

    private void wake(TaskState task, int waker) {
        if (task.life == Life.SLEEPING && task != loop) {
            kernel.wake(task, waker, false);
        } else if (task.life != Life.EXITED && task != loop) {
            task.wokenEarly = true;
        }
    }

    @Override
    public Step next(TaskState task) {
        if (task == loop) {
            side.stepDone();
            return null;
        }
        Step step = task.script.next(task.handle);
        if (step instanceof Step.Exit) {
            living.remove(task);
        }
        return step;
    }

    @Override
    public void fork(TaskState parent, Step.Fork child) {
        int pid = nextPid++;
        spawn(new TaskState(pid, parent.tgid, child.name(), false), child.behaviour(), parent);
    }

    @Override
    public void wake(TaskState by, Step.Wake other) {
        wake(((TaskHandle) other.task()).state, by.cpu);
    }

    public Counters counters() {
        return counters.counters();
    }

    public List<SimulatedTask> tasks() {
        return Collections.unmodifiableList(tasks);
    }

    /// Since the start, nanoseconds.
    public long elapsed() {
        return kernel.now() - epoch;
    }

    public Machine machine() {
        return machine;
    }

    /// Who waited for so long that the kernel ended the scheduler, or null.
    public SimulatedTask evictedFor() {
        TaskState task = watchdog.stalled();
        return task == null ? null : task.handle;
    }

    /// CPU time that was lost: CPUs were idle while tasks waited that could have run there.
    public long idleWhileWaitingNs() {
        return conservation.lostNs();
    }

    /// How many tasks are in custody now, counted one by one.
    public long parked() {
        return living.all().filter(task -> task.custody == TaskState.Custody.PARKED).count();
    }

    /// A page that shows who ran where.
    public String picture(String title, String facts) {
        return Picture.of(kernel, recorder, loop, living, epoch, title, facts);
    }

    public long loopRunNs() {
        return loop.measured.runNs;
    }
}
