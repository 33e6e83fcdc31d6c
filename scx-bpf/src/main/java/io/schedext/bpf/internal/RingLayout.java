// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// What both kinds of BPF ring buffer have in common (`kernel/bpf/ringbuf.c`).
///
/// Positions only ever grow; a position modulo the ring's size is a place in the data. A record is
/// a header and its bytes, padded to 8:
///
/// ```
///  0                   4                   8                       8 + length
/// +-------------------+-------------------+-----------------------+---------+
/// | B D    length     | unused here       | the record's bytes    | padding |
/// +-------------------+-------------------+-----------------------+---------+
///   B, bit 31: BUSY, still being written.  D, bit 30: DISCARD, to be skipped.
/// ```
///
/// A record begins on a multiple of 8, so that its header never wraps. Its bytes may: the data is
/// there twice, one after the other, and stays contiguous to the reader.
public final class RingLayout {
    public static final int HEADER_BYTES = 8;
    public static final int BUSY = 1 << 31;
    public static final int DISCARD = 1 << 30;
    public static final int LENGTH = DISCARD - 1;

    private static final VarHandle POSITION = JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle HEADER = JAVA_INT.varHandle().withInvokeExactBehavior();

    private RingLayout() {}

    /// How far a record of this many bytes moves a position.
    public static long span(int length) {
        return (length + (HEADER_BYTES + 7L)) & ~7L;
    }

    /// Reads a position that the other side writes: what it wrote before is visible afterwards.
    public static long positionAcquire(MemorySegment page) {
        return (long) POSITION.getAcquire(page, 0L);
    }

    /// Reads a position that our side wrote earlier, to go on there.
    ///
    /// @throws IllegalStateException when no record can begin there
    public static long checkedPosition(MemorySegment page) {
        long position = positionAcquire(page);
        if ((position & HEADER_BYTES - 1) != 0) {
            throw new IllegalStateException(
                    "The ring is damaged: no record can begin at " + position + ".");
        }
        return position;
    }

    /// Writes a position that the other side reads: it sees all that was written or read before.
    public static void positionRelease(MemorySegment page, long position) {
        POSITION.setRelease(page, 0L, position);
    }

    /// Reads a header that the other side writes.
    public static int headerAcquire(MemorySegment data, long offset) {
        return (int) HEADER.getAcquire(data, offset);
    }

    /// Writes a header that the other side reads.
    public static void headerRelease(MemorySegment data, long offset, int header) {
        HEADER.setRelease(data, offset, header);
    }
}
