// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import io.schedext.core.internal.Custody;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// The loop: asks the policy, gives the CPU away, until it is stopped or the kernel ends the
/// scheduler. It knows the kernel only as [KernelSide], so a simulated one drives the same class.
///
/// [#cycle()] and [#run()] belong to one thread; [#swap(Policy)], [#withdraw()] and [#stop()] may
/// be called by any.
public final class RunLoop implements Runnable {

    private final KernelSide kernel;
    private final Custody custody;
    private Policy policy;
    private HandOver handOver;
    private final AtomicReference<HandOver> incoming = new AtomicReference<>();
    private volatile Thread waiting;
    private volatile boolean stopped;

    /// A loop that has not begun.
    ///
    /// @param kernel where tasks come from and decisions go
    /// @param policy what decides; null for none, as after [#withdraw()]
    public RunLoop(KernelSide kernel, Policy policy) {
        this.kernel = kernel;
        this.policy = policy;
        custody = new Custody(kernel);
    }

    /// One cycle: the policy, then the CPU is given away. What the policy throws comes through.
    /// Without a policy it blocks until there is one, or until the loop is stopped.
    ///
    /// @return false when there will be no other
    public boolean cycle() {
        if (over()) {
            return false;
        }
        if (incoming.get() != null) {
            begin(incoming.getAndSet(null));
        }
        if (policy == null) {
            awaitPolicy();
            return !over();
        }
        long held = policy.schedule(custody);
        if (handOver != null && custody.unseen() == 0) {
            handOver.end(kernel.nanoTime());
            handOver = null;
        }
        custody.notifyComplete(held);
        return true;
    }

    /// Whether there will be no other cycle. Any thread may ask.
    boolean over() {
        return stopped || kernel.exited();
    }

    private void begin(HandOver next) {
        kernel.changePolicy();
        policy = next.begin(custody, kernel.nanoTime());
        if (policy == null) {
            next.end(kernel.nanoTime());
        } else {
            handOver = next;
        }
    }

    /// A loop that blocks is silent, so the kernel side is on its own at once.
    private void awaitPolicy() {
        waiting = Thread.currentThread();
        while (incoming.get() == null && !over()) {
            LockSupport.park(this);
        }
        waiting = null;
    }

    /// Whether there is a policy, so that [#cycle()] does not block. For the loop's thread.
    ///
    /// @return false after [#withdraw()], until the next [#swap(Policy)]
    public boolean hasPolicy() {
        return policy != null;
    }

    /// Cycles until there is no other.
    @Override
    public void run() {
        while (cycle()) {
            // all is done in the condition
        }
    }

    /// Puts another policy in the place of this one, between two cycles. Tasks that this one holds
    /// back, the other is given before all that are queued.
    ///
    /// @param next called by the loop thread from then on
    /// @return says when it has happened; never, if another change comes before the next cycle
    public HandOver swap(Policy next) {
        return hand(new HandOver(next));
    }

    /// Takes the policy away: the kernel side schedules by itself until another one is put in its
    /// place. Tasks that were held back are the kernel side's at once.
    ///
    /// @return says when it has happened; never, if another change comes before the next cycle
    public HandOver withdraw() {
        return hand(new HandOver(null));
    }

    private HandOver hand(HandOver next) {
        incoming.set(next);
        LockSupport.unpark(waiting);
        return next;
    }

    /// Makes the next cycle the last.
    public void stop() {
        stopped = true;
        LockSupport.unpark(waiting);
    }
}
