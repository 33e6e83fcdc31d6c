// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;

/// Keeps each task for a while, so that much can happen to it meanwhile, and then decides in every
/// way there is: its own CPU, any CPU, a CPU it may not use, a CPU that does not exist; now and
/// then it decides twice, for nobody, or for a task that never was.
final class LatePolicy implements Policy {

    /// More than a ring of the kernel side can hold; a power of two.
    private static final int KEPT = 1 << 14;

    private static final int NO_CPU = 4711;

    /// Process ids are smaller (the guest has no systemd that would raise kernel.pid_max).
    private static final int NOBODY = 4_000_000;

    private final long delayNs;
    private final int cpus;
    private final int[] pid = new int[KEPT];
    private final int[] cpu = new int[KEPT];
    private final long[] generation = new long[KEPT];
    private final long[] since = new long[KEPT];
    private final DispatchedTask decision = new DispatchedTask();
    private int oldest;
    private int next;
    private long count;
    private long forNobody;
    private long senseless;

    /// @param delayNs how long it keeps each task
    /// @param cpus how many CPUs are on line
    LatePolicy(long delayNs, int cpus) {
        this.delayNs = delayNs;
        this.cpus = cpus;
    }

    @Override
    public long schedule(KernelSide kernel) {
        long now = kernel.nanoTime();
        QueuedTask task;
        while (next - oldest < KEPT && (task = kernel.dequeueTask()) != null) {
            int at = next++ & (KEPT - 1);
            pid[at] = task.pid();
            cpu[at] = task.cpu();
            generation[at] = task.generation();
            since[at] = now;
        }
        while (oldest != next && now - since[oldest & (KEPT - 1)] >= delayNs) {
            if (!decide(kernel, oldest & (KEPT - 1))) {
                break;
            }
            oldest++;
        }
        return next - oldest;
    }

    private boolean decide(KernelSide kernel, int at) {
        decision.pid(pid[at]).generation(generation[at]).vtime(count).cpu(choose(cpu[at]));
        if (!kernel.dispatchTask(decision)) {
            return false;
        }
        count++;
        if (count % 50 == 0) {
            kernel.dispatchTask(decision);
        }
        if (count % 70 == 0 && kernel.dispatchTask(decision.pid(0))) {
            senseless++;
        }
        if (count % 90 == 0 && kernel.dispatchTask(decision.pid(NOBODY))) {
            forNobody++;
        }
        return true;
    }

    private int choose(int own) {
        return switch ((int) (count % 16)) {
            case 1 -> NO_CPU;
            case 2 -> -1;
            case 3, 4, 5 -> (int) (count / 16 % cpus);
            case 6, 7, 8, 9, 10 -> DispatchedTask.ANY_CPU;
            default -> own;
        };
    }

    /// Decisions for a task that never was.
    long forNobody() {
        return forNobody;
    }

    /// Decisions without a valid process id.
    long senseless() {
        return senseless;
    }
}
