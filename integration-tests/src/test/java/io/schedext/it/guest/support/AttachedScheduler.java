// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import io.schedext.core.BpfScheduler;
import io.schedext.core.Counters;
import io.schedext.core.ExitInfo;
import io.schedext.core.Policy;
import io.schedext.core.RunLoop;
import io.schedext.core.SchedulerOptions;
import java.util.concurrent.CountDownLatch;

/// A policy that schedules the guest from the constructor to [#close()], inside the test's JVM.
/// After close the counters still answer, and the ledgers are exact.
public final class AttachedScheduler implements AutoCloseable {

    /// The name of the thread that runs the loop.
    public static final String LOOP = "scx-test-loop";

    private final BpfScheduler scheduler;
    private final RunLoop loop;
    private final Thread thread;
    private volatile Throwable failure;

    public AttachedScheduler(SchedulerOptions options, Policy policy) throws InterruptedException {
        scheduler = BpfScheduler.init(options);
        loop = new RunLoop(scheduler, policy);
        CountDownLatch polling = new CountDownLatch(1);
        thread = Thread.ofPlatform().name(LOOP).unstarted(() -> poll(polling));
        try {
            thread.start();
            polling.await();
            if (failure == null) {
                scheduler.attach();
            }
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
        if (failure != null) {
            close();
        }
    }

    private void poll(CountDownLatch polling) {
        try {
            scheduler.claimLoop();
            loop.cycle();
            polling.countDown();
            loop.run();
        } catch (Throwable e) {
            failure = e;
        } finally {
            polling.countDown();
        }
    }

    public Counters counters() {
        return scheduler.counters();
    }

    /// What the kernel says of its end; of kind NONE while it is attached.
    public ExitInfo exitInfo() {
        return scheduler.exitInfo();
    }

    public boolean exited() {
        return scheduler.exited();
    }

    /// Detaches and waits for the loop: the ledgers are final. The maps stay until [#close()].
    public void detach() {
        scheduler.detach();
        loop.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            // the loop may still use what close() would free
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the loop ends", e);
        }
    }

    /// Detaches, waits for the loop, frees; throws what ended the loop, if it failed.
    @Override
    public void close() {
        detach();
        scheduler.close();
        rethrow();
    }

    private void rethrow() {
        if (failure != null) {
            throw new AssertionError("the loop failed", failure);
        }
    }
}
