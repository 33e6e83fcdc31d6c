// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The ring of decisions of the attached, or just detached, scheduler: mapped anew, to be read and
/// written past the code under test. Any thread may use it.
public final class DecisionMemory implements AutoCloseable {

    private static final long PAGE = 4096;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
    private static final MethodHandle MMAP =
            bind(
                    "mmap",
                    FunctionDescriptor.of(
                            ValueLayout.ADDRESS, ValueLayout.ADDRESS, LONG, INT, INT, INT, LONG));
    // int munmap(void *addr, size_t length)
    private static final MethodHandle MUNMAP =
            bind("munmap", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, LONG));

    private final Arena arena = Arena.ofShared();
    private final int size;
    private final MemorySegment consumer;
    private final MemorySegment rest;

    private DecisionMemory(OwnMap ring) {
        size = ring.maxEntries();
        // the kernel lets nobody but itself write how far it has read
        consumer = map(ring.fd(), 0, PAGE, PROT_READ);
        rest = map(ring.fd(), PAGE, PAGE + 2L * size, PROT_READ | PROT_WRITE);
    }

    /// Maps it. There must be no other ring of this type in this process.
    public static DecisionMemory open() throws IOException {
        return new DecisionMemory(OwnMap.only(OwnMap.USER_RINGBUF));
    }

    @SuppressWarnings("restricted") // mmap(2) and munmap(2)
    private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    @SuppressWarnings("restricted") // as large as it was mapped
    private MemorySegment map(int fd, long offset, long bytes, int protection) {
        MemorySegment address;
        try {
            address =
                    (MemorySegment)
                            MMAP.invokeExact(
                                    MemorySegment.NULL, bytes, protection, MAP_SHARED, fd, offset);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        if (address.address() == -1) {
            throw new AssertionError("the ring of decisions cannot be mapped");
        }
        return address.reinterpret(bytes, arena, DecisionMemory::unmap);
    }

    private static void unmap(MemorySegment segment) {
        try {
            int _ = (int) MUNMAP.invokeExact(segment, segment.byteSize());
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// How far the kernel has read.
    public long consumed() {
        return consumer.get(LONG, 0);
    }

    /// How far Java has written.
    public long produced() {
        return rest.get(LONG, 0);
    }

    /// Says that Java has written so far.
    public void produced(long position) {
        rest.set(LONG, 0, position);
    }

    /// Writes over what is where a record's header would be.
    ///
    /// @param position of the record, a multiple of 8
    public void header(long position, int header) {
        rest.set(INT, PAGE + (position & size - 1), header);
    }

    @Override
    public void close() {
        arena.close();
    }
}
