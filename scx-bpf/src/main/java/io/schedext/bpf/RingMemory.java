// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The memory of a ring: both positions and the data. Where it comes from is no affair of the
/// ring's algorithm.
///
/// @param consumerPosition the page whose first 8 bytes say how far the ring was read
/// @param producerPosition the page whose first 8 bytes say how far it was written
/// @param data the ring's bytes, twice in a row: a record may begin in the first half and end in
///   the second
/// @param size the ring's size in bytes, half of the data's; a power of two
public record RingMemory(
        MemorySegment consumerPosition,
        MemorySegment producerPosition,
        MemorySegment data,
        int size) {

    /// Checks that the parts fit.
    public RingMemory {
        if (size < Long.BYTES || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException(
                    "a ring's size is a power of two of at least 8, not " + size);
        }
        if (data.byteSize() != 2L * size) {
            throw new IllegalArgumentException(
                    "a ring's data is there twice: size=" + size + ", data=" + data.byteSize());
        }
    }

    /// Plain memory, for a ring whose both sides live in this process: a test, or a simulated
    /// kernel.
    ///
    /// The halves are not mirrors of each other, which changes nothing: both sides find a record by
    /// where it begins.
    ///
    /// @param size in bytes, a power of two
    public static RingMemory allocate(int size, Arena arena) {
        MemorySegment consumer = arena.allocate(Long.BYTES, 64);
        MemorySegment producer = arena.allocate(Long.BYTES, 64);
        return new RingMemory(consumer, producer, arena.allocate(2L * size, 64), size);
    }

    /// Maps a `BPF_MAP_TYPE_RINGBUF` for its consumer, who may write its own position only.
    static RingMemory ofKernelRing(BpfMap map) {
        int size = sizeOf(map, BpfMapType.RINGBUF);
        long page = NativeMemory.pageSize();
        MemorySegment consumer = map.mapPages(0, page, true);
        MemorySegment rest = map.mapPages(page, page + 2L * size, false);
        return new RingMemory(consumer, rest.asSlice(0, page), rest.asSlice(page), size);
    }

    /// Maps a `BPF_MAP_TYPE_USER_RINGBUF` for its producer, who may write all but the consumer's
    /// position.
    static RingMemory ofUserRing(BpfMap map) {
        int size = sizeOf(map, BpfMapType.USER_RINGBUF);
        long page = NativeMemory.pageSize();
        MemorySegment consumer = map.mapPages(0, page, false);
        MemorySegment rest = map.mapPages(page, page + 2L * size, true);
        return new RingMemory(consumer, rest.asSlice(0, page), rest.asSlice(page), size);
    }

    private static int sizeOf(BpfMap map, BpfMapType type) {
        if (map.type() != type) {
            throw new IllegalArgumentException(
                    "map " + map.name() + " is a " + map.type() + ", not a " + type);
        }
        return map.maxEntries();
    }
}
