// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Lets any number of threads use a native object while at most one closes it, and makes that one
/// wait for the others.
///
/// One word holds the number of uses under way and the closed bit. Entering and leaving cost one
/// atomic operation each, take no lock and allocate nothing.
public final class Lifetime {
    private static final int CLOSED = 1 << 31;
    private static final long POLL_NANOS = 50_000;

    private final String name;
    private final AtomicInteger state = new AtomicInteger();

    /// @param name what it is, as it stands in the message: `BPF object main`
    public Lifetime(String name) {
        this.name = name;
    }

    /// Begins a use, which [#exit()] must end.
    ///
    /// @throws IllegalStateException when the object is closed
    public void enter() {
        if (state.incrementAndGet() < 0) {
            state.decrementAndGet();
            throw closed();
        }
    }

    /// Ends a use.
    public void exit() {
        state.decrementAndGet();
    }

    /// @throws IllegalStateException when the object is closed
    public void checkOpen() {
        if (isClosed()) {
            throw closed();
        }
    }

    /// Whether [#beginClose()] was called.
    public boolean isClosed() {
        return state.get() < 0;
    }

    /// From here on no use begins.
    ///
    /// @return whether this call was the first: its caller, and nobody else, frees the object
    public boolean beginClose() {
        return (state.getAndUpdate(s -> s | CLOSED) & CLOSED) == 0;
    }

    /// Waits until the last use under way has ended. Uses are system calls of bounded time.
    public void awaitUses() {
        while ((state.get() & ~CLOSED) != 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException(name + " is closed");
    }
}
