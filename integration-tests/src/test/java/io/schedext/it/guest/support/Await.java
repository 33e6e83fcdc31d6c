// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Waits for what other threads, processes or the kernel bring about.
public final class Await {

    private static final long POLL_MILLIS = 20;

    private Await() {}

    /// Waits until it holds.
    ///
    /// @param what what is waited for, for the message
    public static void until(long seconds, String what, BooleanSupplier holds)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + seconds + " s: " + what);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
