// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A policy that decides at once, as a function says, and remembers what it decided.
final class Recorder implements Policy {

    /// Fills in a decision that is the default one for the task so far: its CPU, default slice.
    @FunctionalInterface
    interface Decider {
        void decide(QueuedTask task, DispatchedTask decision);
    }

    /// One decision.
    ///
    /// @param ns before it was handed to the kernel, CLOCK_MONOTONIC
    /// @param flags the enqueue flags of the task decided
    record Decision(long ns, int pid, long flags, int cpu, long sliceNs, long vtime) {}

    private final Decider decider;
    private final Queue<Decision> decisions = new ConcurrentLinkedQueue<>();
    private final DispatchedTask decision = new DispatchedTask();

    Recorder(Decider decider) {
        this.decider = decider;
    }

    @Override
    public long schedule(KernelSide kernel) {
        QueuedTask task;
        while ((task = kernel.dequeueTask()) != null) {
            decider.decide(task, decision.of(task));
            decisions.add(
                    new Decision(
                            System.nanoTime(),
                            task.pid(),
                            task.flags(),
                            decision.cpu(),
                            decision.sliceNs(),
                            decision.vtime()));
            if (!kernel.dispatchTask(decision)) {
                throw new AssertionError("the ring to the kernel is full in a small test");
            }
        }
        return 0;
    }

    /// What was decided so far, in this order.
    List<Decision> decisions() {
        return new ArrayList<>(decisions);
    }

    int count() {
        return decisions.size();
    }
}
