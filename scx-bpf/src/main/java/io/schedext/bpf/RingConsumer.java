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
    public RingConsumer(RingMemory memory) {
        this.consumerPosition = memory.consumerPosition();
        this.producerPosition = memory.producerPosition();
        this.data = memory.data();
        this.mask = memory.size() - 1L;
        this.position = RingLayout.positionAcquire(consumerPosition);
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
    public long next() {
        release();
        long at = position;
        while (at != written || at != (written = RingLayout.positionAcquire(producerPosition))) {
            int header = RingLayout.headerAcquire(data, at & mask);
            if ((header & RingLayout.BUSY) != 0) {
                break;
            }
            int bytes = header & RingLayout.LENGTH;
            if ((header & RingLayout.DISCARD) == 0) {
                length = bytes;
                span = RingLayout.span(bytes);
                return (at & mask) + RingLayout.HEADER_BYTES;
            }
            at = skip(RingLayout.span(bytes));
        }
        return NONE;
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
    /// records still being written; 0 to [#size()].
    public long pending() {
        return RingLayout.positionAcquire(producerPosition) - position;
    }

    /// The ring's size in bytes.
    public int size() {
        return (int) (mask + 1);
    }
}
