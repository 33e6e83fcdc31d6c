// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import io.schedext.core.RunReport;
import io.schedext.core.SchedulerRunner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A runner that runs in a thread of its own, until [#stop()].
public final class RunnerThread implements AutoCloseable {

    private final SchedulerRunner runner;
    private final CompletableFuture<RunReport> report = new CompletableFuture<>();

    public RunnerThread(SchedulerRunner runner) {
        this.runner = runner;
        Thread.ofPlatform().name("runner").start(this::run);
    }

    private void run() {
        try {
            report.complete(runner.run());
        } catch (Throwable e) {
            report.completeExceptionally(e);
        }
    }

    /// @throws AssertionError when it has ended already
    public void check() {
        if (report.isDone()) {
            throw new AssertionError("the runner ended: " + report);
        }
    }

    /// Stops it; what it threw comes through.
    public RunReport stop() {
        runner.stop();
        return report.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        stop();
    }
}
