// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.rlfifo.FifoPolicy;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// First in, first out, but for the time that it is away: then it does not return. To be closed
/// before the scheduler, which waits for the loop.
final class AwayPolicy implements Policy, AutoCloseable {

    private final Policy fifo = new FifoPolicy(20_000_000);
    private final Consumer<CompletableFuture<Void>> how;
    private volatile CompletableFuture<Void> back = CompletableFuture.completedFuture(null);

    private AwayPolicy(Consumer<CompletableFuture<Void>> how) {
        this.how = how;
    }

    /// One that waits for ever when it is away.
    static AwayPolicy waiting() {
        return new AwayPolicy(CompletableFuture::join);
    }

    /// One that computes for ever when it is away.
    static AwayPolicy computing() {
        return new AwayPolicy(AwayPolicy::spinUntil);
    }

    private static void spinUntil(CompletableFuture<Void> done) {
        while (!done.isDone()) {
            Thread.onSpinWait();
        }
    }

    void goAway() {
        back = new CompletableFuture<>();
    }

    void comeBack() {
        back.complete(null);
    }

    @Override
    public void close() {
        comeBack();
    }

    @Override
    public long schedule(KernelSide kernel) {
        how.accept(back);
        return fifo.schedule(kernel);
    }
}
