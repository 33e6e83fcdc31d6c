// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.rlfifo.FifoPolicy;
import java.util.concurrent.CompletableFuture;

/// First in, first out, while it is not blocked: then it waits.
final class BlockablePolicy implements Policy {

    private final Policy fifo = new FifoPolicy(20_000_000);
    private volatile CompletableFuture<Void> blocked = CompletableFuture.completedFuture(null);

    void block() {
        blocked = new CompletableFuture<>();
    }

    void unblock() {
        blocked.complete(null);
    }

    @Override
    public long schedule(KernelSide kernel) {
        blocked.join();
        return fifo.schedule(kernel);
    }
}
