// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import io.schedext.bpf.BpfException;
import io.schedext.bpf.BpfLink;
import io.schedext.bpf.BpfMap;
import io.schedext.bpf.BpfObject;
import io.schedext.bpf.BpfProgram;
import io.schedext.bpf.Btf;
import io.schedext.bpf.Libbpf;
import io.schedext.bpf.RingConsumer;
import io.schedext.bpf.UserRingProducer;
import io.schedext.core.internal.DecisionRing;
import io.schedext.core.internal.KernelConstants;
import io.schedext.core.internal.KernelProgram;
import io.schedext.core.internal.Layout.Exit;
import io.schedext.core.internal.Layout.Queued;
import io.schedext.core.internal.Layout.Rehearse;
import io.schedext.core.internal.Layout.SelectCpu;
import io.schedext.core.internal.Layout.State;
import io.schedext.core.internal.Libc;
import io.schedext.core.internal.LoopProbe;
import io.schedext.core.internal.Preflight;
import io.schedext.core.internal.Rehearsal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Optional;

/// The connection to the kernel: the BPF program that parks tasks and moves them as decided, and
/// the two rings between it and the loop.
///
/// The order of its life: [#init(SchedulerOptions)] by any thread, [#claimLoop()] by the loop
/// thread, [#attach()] by another thread while the loop already polls, [#detach()] likewise,
/// [#close()] when the loop has ended. [SchedulerRunner] does all that.
///
/// Threading: the methods of [KernelSide] as they say; the others by one thread that is not the
/// loop. Allocation: none in what the loop calls. Closing: detaches, then frees; double close is
/// harmless; afterwards [#counters()] and [#exitInfo()] still answer.
public final class BpfScheduler implements KernelSide, AutoCloseable {

    private static final VarHandle STATE_WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle STATE_INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle EXIT_KIND = ValueLayout.JAVA_INT.varHandle();
    private static final int QUEUED_SPAN = (int) Queued.BYTES + Long.BYTES;

    private final SchedulerOptions options;
    private final KernelConstants constants;
    private final BpfObject object;
    private final RingConsumer queued;
    private final DecisionRing dispatched;
    private final QueuedTask task;
    private final MemorySegment state;
    private final MemorySegment exit;
    private final BpfProgram.Runner findIdleCpu;

    private volatile Counters counters;
    private volatile ExitInfo exitInfo;
    private volatile BpfLink link;
    private volatile LoopProbe probe;
    private volatile LoopHealth healthAtAttach = LoopHealth.NONE;
    private volatile LoopHealth healthAtEnd;
    private Thread loop;
    private long progress;
    private boolean closed;

    private BpfScheduler(SchedulerOptions options, KernelConstants constants, BpfObject object) {
        this.options = options;
        this.constants = constants;
        this.object = object;
        queued = RingConsumer.of(object.map(KernelProgram.QUEUED));
        task = new QueuedTask(queued.data());
        state = object.map(KernelProgram.STATE).memory();
        dispatched =
                new DecisionRing(UserRingProducer.of(object.map(KernelProgram.DISPATCHED)), state);
        exit = object.map(KernelProgram.EXIT).memory();
        findIdleCpu = object.program(KernelProgram.FIND_IDLE_CPU).runner((int) SelectCpu.BYTES);
        counters =
                new Counters(
                        object.map(KernelProgram.CPUS).memory(),
                        state,
                        () -> queued.pending() / QUEUED_SPAN);
    }

    /// Checks the machine, loads the BPF program and maps the rings. Nothing is attached.
    ///
    /// @param options how to attach
    /// @return a scheduler to attach
    /// @throws SchedulerException when it cannot be, with one sentence why
    public static BpfScheduler init(SchedulerOptions options) {
        return init(options, Optional.empty());
    }

    /// Like [#init(SchedulerOptions)] with this scheduler's options; for use after the kernel has
    /// ended this one because CPUs came or went. This one is detached first; close it when the new
    /// one is there.
    ///
    /// The kernel side keeps the map of what it knows of each task, and begins anew in it: freeing
    /// that map while more CPUs go off line can lock up the kernel (seen on 6.18), and creating one
    /// while another is being freed fails for some tasks.
    ///
    /// @return a scheduler to attach
    /// @throws SchedulerException when it cannot be, with one sentence why
    /// @throws IllegalStateException when this scheduler is closed
    public BpfScheduler successor() {
        detach();
        return init(options, Optional.of(object.map(KernelProgram.TASKS)));
    }

    private static BpfScheduler init(SchedulerOptions options, Optional<BpfMap> tasks) {
        Preflight preflight = new Preflight(Path.of("/"));
        preflight.check();
        try {
            KernelConstants constants = KernelConstants.of(Btf.ofKernel());
            Libbpf libbpf = Libbpf.load(options.libbpf());
            BpfObject object = KernelProgram.load(libbpf, options, constants, preflight, tasks);
            try {
                return new BpfScheduler(options, constants, object);
            } catch (RuntimeException e) {
                object.close();
                throw e;
            }
        } catch (BpfException e) {
            throw SchedulerException.of(e);
        }
    }

    /// Makes the calling thread the loop: the kernel side learns who it is, and only it may call
    /// the methods of [KernelSide] from now on. In partial mode it joins the class `SCHED_EXT`.
    ///
    /// @throws SchedulerException when the kernel refuses
    /// @throws IllegalStateException when there is a loop already
    public void claimLoop() {
        if (loop != null) {
            throw new IllegalStateException("the loop is " + loop.getName() + " already");
        }
        if (options.partial()) {
            int errno = Libc.joinSchedExt();
            if (errno != 0) {
                throw new SchedulerException(
                        ExitStatus.FAILED,
                        "The loop cannot join the class SCHED_EXT (errno " + errno + ").");
            }
        }
        try {
            object.program(KernelProgram.IDENTIFY_LOOP).run();
        } catch (BpfException e) {
            throw SchedulerException.of(e);
        }
        loop = Thread.currentThread();
        probe = new LoopProbe();
    }

    /// Lets a policy schedule made-up tasks until all the loop does with real ones is loaded,
    /// compiled and in memory: the first real one then costs as much as the next. For the loop
    /// thread, after [#claimLoop()] and before [#attach()]. What the policy throws comes through.
    ///
    /// The tasks have the ids 1 to 1024; no idle CPU is found for any of them, and the decisions go
    /// nowhere and are not counted.
    ///
    /// @param policy one that will not be used for anything else
    /// @throws SchedulerException when the kernel refuses
    public void rehearse(Policy policy) {
        checkLoop();
        BpfProgram.Runner queue =
                object.program(KernelProgram.REHEARSE).runner((int) Rehearse.BYTES);
        BpfProgram drain = object.program(KernelProgram.DRAIN_REHEARSAL);
        try {
            new Rehearsal(this, tasks -> queueMadeUp(queue, tasks), drain::run).run(policy);
        } catch (BpfException e) {
            throw SchedulerException.of(e);
        } finally {
            dispatched.forget();
        }
    }

    private static void queueMadeUp(BpfProgram.Runner queue, int tasks) {
        queue.context().set(ValueLayout.JAVA_INT, Rehearse.TASKS, tasks);
        queue.run();
    }

    /// Attaches: from now on the kernel asks this scheduler. The loop must be polling already.
    ///
    /// The calling thread has real-time priority meanwhile, where it may (CAP_SYS_NICE): the kernel
    /// moves it to the new scheduler's class in the middle of its work, and before 7.0 everybody
    /// who is not moved yet, the loop among them, comes before it then. On a busy machine that
    /// lasted for ever.
    ///
    /// @throws SchedulerException when the kernel refuses, or another scheduler was faster
    /// @throws IllegalStateException when it is attached, or was
    public synchronized void attach() {
        if (link != null || closed) {
            throw new IllegalStateException("a scheduler is attached once");
        }
        try {
            LoopHealth before = healthSoFar();
            BpfLink attached = attachInRealTime();
            // what this thread loads to attach is none of the loop's doing
            healthAtAttach = before.withLoadedClasses(healthSoFar().loadedClasses());
            link = attached;
        } catch (BpfException e) {
            if (e.kind() == BpfException.Kind.BUSY) {
                throw new SchedulerException(
                        ExitStatus.OTHER_SCHEDULER,
                        "Another scheduler was attached a moment ago: stop it first.",
                        e);
            }
            throw SchedulerException.of(e);
        }
    }

    private BpfLink attachInRealTime() {
        boolean realTime = Libc.becomeRealTime();
        try {
            return object.attachStructOps(KernelProgram.SCHEDULER);
        } finally {
            if (realTime) {
                Libc.becomeOrdinary();
            }
        }
    }

    /// Detaches: when this returns, the kernel schedules by itself and every task has left custody.
    /// Harmless when not attached.
    public synchronized void detach() {
        if (link != null && healthAtEnd == null) {
            healthAtEnd = loopHealth();
            link.close();
        }
    }

    /// How quiet the loop was since it was attached, up to now or to the detach. Reads files in
    /// `/proc`; not for the loop thread itself.
    ///
    /// @return the difference to when it was attached
    public LoopHealth loopHealth() {
        if (link == null) {
            return LoopHealth.NONE;
        }
        LoopHealth end = healthAtEnd;
        return end != null ? end : healthSoFar().since(healthAtAttach);
    }

    /// Since the loop thread began.
    private LoopHealth healthSoFar() {
        return probe == null ? LoopHealth.NONE : probe.read(counters.longestPauseNs());
    }

    private void checkLoop() {
        if (Thread.currentThread() != loop) {
            throw new IllegalStateException(
                    "only the loop thread may do this: "
                            + (loop == null ? "claimLoop() first" : loop.getName()));
        }
    }

    @Override
    public QueuedTask dequeueTask() {
        checkLoop();
        long record = queued.next();
        if (record == RingConsumer.NONE) {
            return null;
        }
        STATE_WORD.setOpaque(state, State.PROGRESS, ++progress);
        return task.at(record);
    }

    @Override
    public boolean dispatchTask(DispatchedTask decision) {
        checkLoop();
        if (!dispatched.offer(decision)) {
            return false;
        }
        STATE_WORD.setOpaque(state, State.PROGRESS, ++progress);
        return true;
    }

    @Override
    public void changePolicy() {
        checkLoop();
        dispatched.changePolicy();
    }

    @Override
    public int selectCpu(int pid, int prevCpu, long flags) {
        checkLoop();
        MemorySegment args = findIdleCpu.context();
        args.set(ValueLayout.JAVA_INT, SelectCpu.PID, pid);
        args.set(ValueLayout.JAVA_INT, SelectCpu.PREV_CPU, prevCpu);
        args.set(ValueLayout.JAVA_LONG, SelectCpu.FLAGS, flags);
        findIdleCpu.run();
        return args.get(ValueLayout.JAVA_INT, SelectCpu.CPU);
    }

    /// {@inheritDoc}
    ///
    /// The loop stays runnable but waits in a queue of its own until the kernel side has work for
    /// it: a record, tasks held back, or a heartbeat. One system call, sched_yield(2).
    ///
    /// @throws SchedulerException when the kernel side cannot read the ring of decisions any more
    @Override
    public void notifyComplete(long pending) {
        checkLoop();
        STATE_WORD.setOpaque(state, State.PENDING, pending);
        STATE_WORD.setOpaque(state, State.PROGRESS, ++progress);
        Libc.yield();
        int error = (int) STATE_INT.getOpaque(state, State.RING_ERROR);
        if (error != 0) {
            throw ringDamaged(error);
        }
    }

    private static SchedulerException ringDamaged(int error) {
        return new SchedulerException(
                ExitStatus.RING_DAMAGED,
                "The ring of decisions is damaged (errno "
                        + -error
                        + "): something in this process wrote over it.");
    }

    @Override
    public boolean exited() {
        return exitInfo != null || (int) EXIT_KIND.getAcquire(exit, Exit.KIND) != 0;
    }

    /// Why it ended; after [#detach()] that is known for certain.
    ///
    /// @return the kernel's account, of kind [ExitKind#NONE] while it is attached
    public synchronized ExitInfo exitInfo() {
        if (exitInfo != null) {
            return exitInfo;
        }
        ExitKind kind = constants.exitKind((int) EXIT_KIND.getAcquire(exit, Exit.KIND));
        long code = exit.get(ValueLayout.JAVA_LONG, Exit.CODE);
        return new ExitInfo(
                kind,
                code,
                exit.getString(Exit.REASON),
                exit.getString(Exit.MESSAGE),
                object.map(KernelProgram.DUMP).memory().getString(0),
                (code & constants.actRestart()) != 0);
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    /// Detaches and frees everything. The loop must have ended.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            detach();
            exitInfo = exitInfo();
            counters = counters.frozen();
        } finally {
            object.close();
        }
    }
}
