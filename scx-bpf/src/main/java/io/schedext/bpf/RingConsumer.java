// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.RingLayout;
import java.lang.foreign.MemorySegment;

/// Reads a `BPF_MAP_TYPE_RINGBUF`: records that BPF programs write, in the order they were
/// reserved.
///
/// ```java
/// for (long record = ring.next(); record != RingConsumer.NONE; record = ring.next()) {
///     int pid = ring.data().get(ValueLayout.JAVA_INT, record + PID_OFFSET);
/// }
/// ```
///
/// Nothing is copied, and a record stays as it is until the next one is asked for: only then may
/// the kernel write over it. No call allocates, waits or enters the kernel. One thread at a time;
/// the memory ends with the map's object, after which every call is an [IllegalStateException].
///
/// Nothing in the ring is taken on trust. Whatever somebody wrote over it, a record lies within
/// what the producer has written, and a call ends; where that cannot be, it is an
/// [IllegalStateException] that says how the ring is damaged.
public final class RingConsumer {
    /// No record is there.
    public static final long NONE = -1;

    private final MemorySegment consumerPosition;
    private final MemorySegment producerPosition;
    private final MemorySegment data;
    private final long mask;

    /// How far we have read. Nobody else writes the shared one, so it is never read back.
    private long position;

    /// How far the producer had written when we last looked.
    private long written;

    /// What the current record takes, 0 when there is none.
    private long span;

    private int length;

    /// A consumer of a ring that nobody consumes yet, or that an earlier consumer left.
    ///
    /// @throws IllegalStateException when no record can begin where that one stopped
    public RingConsumer(RingMemory memory) {
        this.consumerPosition = memory.consumerPosition();
        this.producerPosition = memory.producerPosition();
        this.data = memory.data();
        this.mask = memory.size() - 1L;
        this.position = RingLayout.checkedPosition(consumerPosition);
        this.written = position;
    }

    /// The consumer of a map's ring.
    ///
    /// @param map of type `RINGBUF`
    /// @throws BpfException when the map cannot be mapped
    /// @throws IllegalArgumentException when it is of another type
    public static RingConsumer of(BpfMap map) {
        return new RingConsumer(RingMemory.ofKernelRing(map));
    }

    /// Gives back the current record, if there is one, and goes to the next.
    ///
    /// A record that is still being written holds up all behind it, as in the kernel's own order.
    /// Discarded ones are skipped.
    ///
    /// @return where in [#data()] the record's bytes begin, or [#NONE]
    /// @throws IllegalStateException when the ring is damaged, and for as long as it is
    public long next() {
        release();
        long at = position;
        while (at != written || at != lookAgain()) {
            int header = RingLayout.headerAcquire(data, at & mask);
            if ((header & RingLayout.BUSY) != 0) {
                break;
            }
            int bytes = header & RingLayout.LENGTH;
            long taken = RingLayout.span(bytes);
            if (taken > written - at) {
                throw damaged(
                        "a record takes " + taken + " bytes where " + (written - at) + " are left");
            }
            if ((header & RingLayout.DISCARD) == 0) {
                length = bytes;
                span = taken;
                return (at & mask) + RingLayout.HEADER_BYTES;
            }
            at = skip(taken);
        }
        return NONE;
    }

    /// How far the producer has written: never behind us, and never further ahead than the ring is
    /// large. So what is left of it to read gets less with every record, to 0.
    private long lookAgain() {
        long now = RingLayout.positionAcquire(producerPosition);
        if (Long.compareUnsigned(now - position, mask + 1) > 0) {
            throw damaged("its producer is " + (now - position) + " bytes ahead of its consumer");
        }
        written = now;
        return now;
    }

    private IllegalStateException damaged(String how) {
        return new IllegalStateException(
                "The ring of " + size() + " bytes is damaged at " + position + ": " + how + ".");
    }

    /// Gives back the current record, so that the kernel can use its place. Without a current
    /// record it does nothing.
    public void release() {
        if (span != 0) {
            skip(span);
            span = 0;
            length = 0;
        }
    }

    private long skip(long bytes) {
        position += bytes;
        RingLayout.positionRelease(consumerPosition, position);
        return position;
    }

    /// The current record's length in bytes, as it was reserved; 0 when there is no current record.
    public int length() {
        return length;
    }

    /// The ring's bytes, in which [#next()] points. A record is contiguous here.
    public MemorySegment data() {
        return data;
    }

    /// How many bytes wait, headers and padding included and with them the current record and
    /// records still being written; 0 to [#size()], or anything if the ring is damaged.
    public long pending() {
        return RingLayout.positionAcquire(producerPosition) - position;
    }

    /// The ring's size in bytes.
    public int size() {
        return (int) (mask + 1);
    }
}
