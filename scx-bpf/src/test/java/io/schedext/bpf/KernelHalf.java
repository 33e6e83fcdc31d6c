// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The kernel's half of both rings, after kernel/bpf/ringbuf.c: what a BPF program does in
/// `bpf_ringbuf_reserve`, `_submit` and `_discard`, and one step of `bpf_user_ringbuf_drain`.
/// Written apart from the code under test, with numbers of its own.
final class KernelHalf {
    static final long NO_DATA = -1;
    static final long SKIPPED = -2;

    private static final VarHandle LONG = JAVA_LONG.varHandle();
    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final int BUSY = 0x8000_0000;
    private static final int DISCARD = 0x4000_0000;

    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final MemorySegment data;
    private final long mask;
    private int drainedLength;

    KernelHalf(RingMemory memory) {
        this.consumer = memory.consumerPosition();
        this.producer = memory.producerPosition();
        this.data = memory.data();
        this.mask = memory.size() - 1;
    }

    /// @return where the record's bytes are, or -1 when the ring is full
    long reserve(int length) {
        long total = total(length);
        if (total > mask + 1) {
            return -1;
        }
        long read = (long) LONG.getAcquire(consumer, 0L);
        long at = (long) LONG.get(producer, 0L);
        // The kernel's producer never fills the ring to the last byte.
        if (at + total - read > mask) {
            return -1;
        }
        data.set(JAVA_INT, at & mask, length | BUSY);
        data.set(JAVA_INT, (at & mask) + 4, 0x5555);
        LONG.setRelease(producer, 0L, at + total);
        return (at & mask) + 8;
    }

    void submit(long record) {
        INT.getAndBitwiseAnd(data, record - 8, ~BUSY);
    }

    void discard(long record) {
        int header = (int) INT.getVolatile(data, record - 8);
        INT.setVolatile(data, record - 8, header & ~BUSY | DISCARD);
    }

    /// Looks at the next record of a user ring, and skips a discarded one.
    ///
    /// @return where its bytes are, NO_DATA or SKIPPED
    long peek() {
        long written = (long) LONG.getAcquire(producer, 0L);
        if (written % 8 != 0) {
            throw new AssertionError(
                    "EINVAL: the producer position is not a multiple of 8: " + written);
        }
        long at = (long) LONG.getAcquire(consumer, 0L);
        if (at >= written) {
            return NO_DATA;
        }
        int header = (int) INT.getAcquire(data, at & mask);
        int length = header & ~(BUSY | DISCARD);
        long total = total(length);
        if (total > written - at) {
            throw new AssertionError("EINVAL: the record ends behind the producer position");
        }
        if (total > mask + 1) {
            throw new AssertionError("E2BIG: the record does not fit the ring");
        }
        if ((header & DISCARD) != 0) {
            LONG.setRelease(consumer, 0L, at + total);
            return SKIPPED;
        }
        if ((header & BUSY) != 0) {
            return NO_DATA;
        }
        drainedLength = length;
        return (at & mask) + 8;
    }

    int length() {
        return drainedLength;
    }

    /// Frees the record that was peeked at.
    void release() {
        long at = (long) LONG.get(consumer, 0L);
        LONG.setRelease(consumer, 0L, at + total(drainedLength));
    }

    private static long total(int length) {
        return (length + 8L + 7) / 8 * 8;
    }
}
