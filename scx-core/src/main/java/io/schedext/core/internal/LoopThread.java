// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import io.schedext.core.ExitStatus;
import io.schedext.core.RunLoop;
import io.schedext.core.SchedulerException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// The thread that decides: becomes the scheduler's loop, polls from then on, and keeps what ended
/// it.
public final class LoopThread {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CountDownLatch polling = new CountDownLatch(1);
    private final Runnable onEnd;
    private final RunLoop loop;
    private final Thread thread;
    private volatile SchedulerException failure;

    /// @param claim makes the calling thread the scheduler's loop
    /// @param onEnd called when the loop has ended, for whatever reason
    public LoopThread(Runnable claim, RunLoop loop, Runnable onEnd) {
        this.loop = loop;
        this.onEnd = onEnd;
        thread = Thread.ofPlatform().name("scx-loop").daemon().unstarted(() -> poll(claim));
    }

    /// Starts it, and returns when it polls.
    ///
    /// @throws SchedulerException when it cannot become the loop
    /// @throws InterruptedException when interrupted meanwhile
    public void start() throws InterruptedException {
        thread.start();
        polling.await();
        rethrow();
    }

    private void poll(Runnable claim) {
        try {
            claim.run();
            if (loop.hasPolicy()) {
                loop.cycle();
            }
            polling.countDown();
            loop.run();
        } catch (SchedulerException e) {
            failure = e;
        } catch (Throwable e) {
            failure =
                    new SchedulerException(
                            ExitStatus.POLICY_FAILED, "The policy failed with " + e + ".", e);
        } finally {
            polling.countDown();
            onEnd.run();
        }
    }

    /// Stops it, and returns when it has ended. The scheduler must be detached: while it is
    /// attached, a loop without work does not run.
    ///
    /// @throws SchedulerException what ended it, if it failed, or that the policy does not return
    /// @throws InterruptedException when interrupted meanwhile
    public void stop() throws InterruptedException {
        loop.stop();
        if (thread.getState() != Thread.State.NEW && !thread.join(PATIENCE)) {
            throw new SchedulerException(
                    ExitStatus.POLICY_FAILED,
                    "The policy did not return within "
                            + PATIENCE.toSeconds()
                            + " s; its thread is left behind.");
        }
        rethrow();
    }

    private void rethrow() {
        if (failure != null) {
            throw failure;
        }
    }
}
