// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;

/// Fair by weight, and prompt for who sleeps: each task has a virtual run time, which grows by the
/// CPU time it used, the slower the heavier it is, and a deadline, which is that plus a request of
/// the same length for all, likewise by weight. The earliest deadline runs first.
///
/// That is EEVDF without its test of eligibility: a task that is ahead of its share has a late
/// deadline already, and in a queue for all CPUs nobody has a second queue to be first in. What is
/// chosen, and why:
///
/// - **The order is kept by the kernel side.** A decision goes there at once, and its queues are
///   ordered by what is called vtime there: the deadline. No CPU has to wait for the loop to find
///   something to run, and a late arrival with an early deadline still goes first. Nor is anything
///   kept here per task: the kernel side hands the deadline back with the next record, and the
///   virtual run time follows from it. What it keeps dies with the task.
/// - **Who slept comes back a little ahead**, by [#LAG_NS] at most, and so runs before all that
///   compute without a break, until it has used that up. Who is new starts where all are, and that
///   place moves with time as well as with what is known to have run: children that live for less
///   than a slice each cannot keep the others waiting.
/// - **Who wakes up early does not wait for a slice to end.** The kernel side takes a CPU for the
///   loop, and that CPU runs whoever is first then; if more than one woke up, or one that may run
///   on one CPU only, the decision asks for a CPU itself.
/// - **Nobody falls behind without end.** No virtual run time is further than [#LEAD_NS] ahead of
///   the clock, and slices shrink with the number that wait. What is left, a light task among
///   hundreds of heavy ones, the core's limit for overdue tasks catches.
///
/// One object schedules one machine; one thread, the loop's. Nothing allocates.
public final class VruntimePolicy implements Policy {

    /// How long a task may run at a time when nobody waits, unless it is said: 20 ms.
    public static final long SLICE_NS = 20_000_000;

    /// How long it may run however many wait, unless it is said: 1 ms.
    public static final long MIN_SLICE_NS = 1_000_000;

    /// How far who slept may come back behind the clock, virtual nanoseconds.
    private static final long LAG_NS = 20_000_000;

    /// How far anybody may be ahead of it. A task of the least weight is ahead by 400 ms after a
    /// slice of one tick.
    private static final long LEAD_NS = 1_000_000_000;

    /// From a task's virtual run time to its deadline, for nice 0.
    private static final long REQUEST_NS = 3_000_000;

    /// Slices end at ticks, and these are at most so far apart (`HZ=100`).
    private static final long LONGEST_TICK_NS = 10_000_000;

    /// The weight of nice 0, for which virtual and real time pass alike.
    private static final long NORMAL_WEIGHT = 100;

    /// A mean of small weights needs more than whole numbers.
    private static final long WEIGHT_UNIT = 64;

    private final long sliceNs;
    private final long minSliceNs;
    private final boolean perCpuLocal;
    private final DispatchedTask decision = new DispatchedTask();
    private boolean undelivered;

    /// Of those that ran lately, in parts of [#WEIGHT_UNIT].
    private long usualWeight = NORMAL_WEIGHT * WEIGHT_UNIT;

    /// When tasks were last decided, [KernelSide#nanoTime()].
    private long lastCycle;

    /// Where the tasks are that run now; never 0, which means that a task has no deadline yet.
    private long clock;

    /// A policy with the usual slices.
    public VruntimePolicy() {
        this(SLICE_NS, MIN_SLICE_NS);
    }

    /// A policy.
    ///
    /// @param sliceNs how long a task may run at a time when nobody waits, nanoseconds, above 0
    /// @param minSliceNs how long it may run however many wait, nanoseconds, above 0 and not above
    ///   the other
    /// @throws IllegalArgumentException when they are not
    public VruntimePolicy(long sliceNs, long minSliceNs) {
        this(sliceNs, minSliceNs, false);
    }

    /// A policy.
    ///
    /// @param sliceNs how long a task may run at a time when nobody waits, nanoseconds, above 0
    /// @param minSliceNs how long it may run however many wait, nanoseconds, above 0 and not above
    ///   the other
    /// @param perCpuLocal whether tasks that may use one CPU only come before all others there
    /// @throws IllegalArgumentException when the slices are not like that
    public VruntimePolicy(long sliceNs, long minSliceNs, boolean perCpuLocal) {
        this(sliceNs, minSliceNs, perCpuLocal, LEAD_NS);
    }

    /// @param clock where it starts
    VruntimePolicy(long sliceNs, long minSliceNs, boolean perCpuLocal, long clock) {
        if (minSliceNs <= 0) {
            throw new IllegalArgumentException(
                    "the shortest slice is above 0 ns, not " + minSliceNs);
        }
        if (sliceNs < minSliceNs) {
            throw new IllegalArgumentException(
                    "the longest slice, %d ns, is shorter than the shortest, %d ns"
                            .formatted(sliceNs, minSliceNs));
        }
        this.sliceNs = sliceNs;
        this.minSliceNs = minSliceNs;
        this.perCpuLocal = perCpuLocal;
        this.clock = clock;
    }

    @Override
    public long schedule(KernelSide kernel) {
        // The ring to the kernel was full in the last cycle: that decision goes first.
        if (undelivered && !kernel.dispatchTask(decision)) {
            return 1;
        }
        undelivered = false;

        long cpus = Math.max(1, kernel.counters().onlineCpus());
        long waiting = kernel.counters().waiting();
        letTimePass(kernel.nanoTime(), cpus, waiting);
        long waitingPerCpu = waiting / cpus;
        long slice = Math.max(minSliceNs, sliceNs / (waitingPerCpu + 1));
        // The CPU that the loop gives away runs the first of those that may run anywhere.
        boolean cpuToCome = true;
        QueuedTask task;
        while ((task = kernel.dequeueTask()) != null) {
            long weight = Math.max(1, task.weight());
            long request = REQUEST_NS * NORMAL_WEIGHT / weight;
            boolean woke = task.execRuntime() == 0;
            boolean anywhere = task.nrCpusAllowed() > 1;
            long vruntime = vruntime(task, weight, request);
            if (perCpuLocal && !anywhere) {
                vruntime = clock - LAG_NS;
            }
            boolean prompt = woke && vruntime - (clock - LAG_NS / 2) < 0;

            decision.of(task)
                    .cpu(DispatchedTask.ANY_CPU)
                    .sliceNs(sliceFor(slice, weight))
                    .vtime(vruntime + request)
                    .flags(prompt && !(anywhere && cpuToCome) ? DispatchedTask.PREEMPT : 0);
            cpuToCome &= !(anywhere && prompt);
            if (!kernel.dispatchTask(decision)) {
                undelivered = true;
                return 1;
            }
        }
        return 0;
    }

    /// Times wrap, so they are compared by difference.
    private long vruntime(QueuedTask task, long weight, long request) {
        if (task.vtime() == 0) {
            return clock;
        }
        long vruntime = task.vtime() - request;
        advanceClock(vruntime, weight);
        // Who ran on beyond its slice took nothing from anybody.
        long used = Math.min(task.stopTs() - task.startTs(), sliceNs + LONGEST_TICK_NS);
        if (used > 0) {
            vruntime += used * NORMAL_WEIGHT / weight;
        }
        if (vruntime - (clock - LAG_NS) < 0) {
            return clock - LAG_NS;
        }
        return vruntime - (clock + LEAD_NS) > 0 ? clock + LEAD_NS : vruntime;
    }

    /// Tasks that live for less than a slice are never heard of again, so their run time moves
    /// nothing; a clock that stood still would let each successor start before those who wait. So
    /// it moves with time too, by half of what all tasks together are due: what they really were is
    /// in the records.
    private void letTimePass(long now, long cpus, long waiting) {
        long passed = Math.min(now - lastCycle, LAG_NS);
        lastCycle = now;
        if (waiting > 0 && passed > 0) {
            clock +=
                    passed
                            * cpus
                            * NORMAL_WEIGHT
                            * WEIGHT_UNIT
                            / usualWeight
                            / (cpus + waiting)
                            / 2;
        }
    }

    /// The earliest deadline runs first, so where a task was when it began is where all are. Light
    /// ones say less of that, as in EEVDF's average: one that was overdue ran before its time.
    private void advanceClock(long began, long weight) {
        usualWeight += (weight * WEIGHT_UNIT - usualWeight) / 8;
        long ahead = Math.min(began - clock, LEAD_NS);
        if (ahead > 0) {
            long counts = Math.min(weight * WEIGHT_UNIT, usualWeight);
            clock += Math.max(1, ahead / 4 * counts / usualWeight);
        }
    }

    /// Heavy tasks run longer at a time, which saves switches; their share is the same.
    private long sliceFor(long slice, long weight) {
        return Math.clamp(slice * weight / NORMAL_WEIGHT, minSliceNs, sliceNs);
    }
}
