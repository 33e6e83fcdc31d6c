// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.QueuedTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// First in, first out, but for one task at a time that it keeps on request: while it is parked,
/// nothing about it changes, and what /proc says of it can be compared with its record at leisure.
final class HoldingPolicy extends Fifo {

    private final QueuedTask held = new QueuedTask();
    private final DispatchedTask release = new DispatchedTask();
    private final RecordChecks checks;
    private volatile Predicate<QueuedTask> wanted;
    private volatile boolean holding;
    private volatile boolean releasing;
    private long count;

    HoldingPolicy(RecordChecks checks) {
        this.checks = checks;
    }

    @Override
    boolean decide(QueuedTask task, DispatchedTask decision) {
        decision.vtime(++count).cpu(DispatchedTask.ANY_CPU);
        checks.check(task, count);
        Predicate<QueuedTask> test = wanted;
        if (test == null || !test.test(task)) {
            return true;
        }
        wanted = null;
        held.copyFrom(task);
        release.of(task).vtime(count).cpu(DispatchedTask.ANY_CPU);
        holding = true;
        return false;
    }

    @Override
    public long schedule(KernelSide kernel) {
        if (releasing && kernel.dispatchTask(release)) {
            releasing = false;
        }
        long pending = super.schedule(kernel);
        return pending + (holding ? 1 : 0);
    }

    /// Keeps the next task like this. The record is valid until it is let go.
    QueuedTask hold(Predicate<QueuedTask> like) throws InterruptedException {
        wanted = like;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!holding) {
            if (System.nanoTime() > deadline) {
                wanted = null;
                throw new AssertionError("no such task was queued within 15 s");
            }
            Thread.sleep(1);
        }
        return held;
    }

    /// Lets the kept one go.
    void release() throws InterruptedException {
        releasing = true;
        holding = false;
        while (releasing) {
            Thread.sleep(1);
        }
    }
}
