// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.RingLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Writes a `BPF_MAP_TYPE_USER_RINGBUF`: records that a BPF program drains, in the order they were
/// reserved.
///
/// ```java
/// long record = ring.reserve(RECORD_BYTES);
/// if (record != UserRingProducer.FULL) {
///     ring.data().set(ValueLayout.JAVA_INT, record + PID_OFFSET, pid);
///     ring.commit(record);
/// }
/// ```
///
/// Several records may be reserved before the first is committed; one that is not committed holds
/// up all behind it. No call allocates, waits or enters the kernel, so nothing wakes the program
/// that drains. One thread at a time; the memory ends with the map's object, after which every call
/// is an [IllegalStateException].
public final class UserRingProducer {
    /// There is no room for the record now.
    public static final long FULL = -1;

    private final MemorySegment consumerPosition;
    private final MemorySegment producerPosition;
    private final MemorySegment data;
    private final long mask;

    /// How far we have written. Nobody else writes the shared one, so it is never read back.
    private long position;

    /// How far the consumer had read when we last looked.
    private long read;

    /// A producer of a ring that nobody produces into yet, or that an earlier producer left.
    ///
    /// @throws IllegalStateException when no record can begin where that one stopped
    public UserRingProducer(RingMemory memory) {
        this.consumerPosition = memory.consumerPosition();
        this.producerPosition = memory.producerPosition();
        this.data = memory.data();
        this.mask = memory.size() - 1L;
        this.position = RingLayout.checkedPosition(producerPosition);
        this.read = RingLayout.positionAcquire(consumerPosition);
    }

    /// The producer of a map's ring.
    ///
    /// @param map of type `USER_RINGBUF`
    /// @throws BpfException when the map cannot be mapped
    /// @throws IllegalArgumentException when it is of another type
    public static UserRingProducer of(BpfMap map) {
        return new UserRingProducer(RingMemory.ofUserRing(map));
    }

    /// Takes a place for a record, which [#commit] or [#discard] ends.
    ///
    /// @param bytes the record's length, 0 to what fits the whole ring beside a header of 8 bytes
    /// @return where in [#data()] the record's bytes begin, or [#FULL]; they hold what was there
    ///   before
    /// @throws IllegalArgumentException when the record can never fit
    public long reserve(int bytes) {
        long span = RingLayout.span(bytes);
        if (bytes < 0 || span > mask + 1) {
            throw new IllegalArgumentException(
                    "no such record fits this ring: bytes=" + bytes + ", ring=" + (mask + 1));
        }
        long at = position;
        long end = at + span;
        if (end - read > mask + 1) {
            read = RingLayout.positionAcquire(consumerPosition);
            if (end - read > mask + 1) {
                return FULL;
            }
        }
        // The header first, then the position: the kernel looks at a header only below the
        // position.
        long header = at & mask;
        data.set(ValueLayout.JAVA_INT, header, bytes | RingLayout.BUSY);
        data.set(ValueLayout.JAVA_INT, header + Integer.BYTES, 0);
        position = end;
        RingLayout.positionRelease(producerPosition, end);
        return header + RingLayout.HEADER_BYTES;
    }

    /// Hands a reserved record over.
    ///
    /// @param record what [#reserve] returned
    /// @throws IllegalStateException when there is no such record, or it was handed over already
    public void commit(long record) {
        handOver(record, 0);
    }

    /// Drops a reserved record: the kernel skips it.
    ///
    /// @param record what [#reserve] returned
    /// @throws IllegalStateException when there is no such record, or it was handed over already
    public void discard(long record) {
        handOver(record, RingLayout.DISCARD);
    }

    private void handOver(long record, int flag) {
        long at = record - RingLayout.HEADER_BYTES;
        int header = data.get(ValueLayout.JAVA_INT, at);
        if ((header & RingLayout.BUSY) == 0) {
            throw new IllegalStateException("no record is reserved at " + record);
        }
        RingLayout.headerRelease(data, at, header & RingLayout.LENGTH | flag);
    }

    /// The ring's bytes, in which [#reserve] points. A record is contiguous here.
    public MemorySegment data() {
        return data;
    }

    /// How many bytes the kernel has not read yet, headers and padding included; 0 to [#size()].
    public long pending() {
        return position - RingLayout.positionAcquire(consumerPosition);
    }

    /// The ring's size in bytes.
    public int size() {
        return (int) (mask + 1);
    }
}
