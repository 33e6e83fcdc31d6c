// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.core.internal.Layout;
import io.schedext.it.guest.support.DecisionMemory;
import io.schedext.it.guest.support.OwnMap;
import java.io.IOException;

/// The two rings of the attached, or just detached, scheduler as the kernel has them. There must be
/// no other ring in this process.
final class Rings {

    /// Before each record.
    private static final long HEADER = 8;

    private Rings() {}

    /// How many records of tasks fit into their ring.
    static long capacityForTasks() throws IOException {
        return (OwnMap.only(OwnMap.RINGBUF).maxEntries() - 1) / (HEADER + Layout.Queued.BYTES);
    }

    /// How many decisions their ring holds.
    static long decisions() throws IOException {
        try (var ring = DecisionMemory.open()) {
            long bytes = ring.produced() - ring.consumed();
            long span = HEADER + Layout.Dispatched.BYTES;
            if (bytes % span != 0) {
                throw new AssertionError("the ring holds " + bytes + " bytes: not whole decisions");
            }
            return bytes / span;
        }
    }
}
