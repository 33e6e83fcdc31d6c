// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.io.Serial;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory that the kernel or libbpf owns, as segments that an arena ends.
public final class NativeMemory {
    private NativeMemory() {}

    /// The size of a page of this machine, in bytes.
    public static long pageSize() {
        return Libc.pageSize();
    }

    /// Maps a part of a file descriptor, a BPF map's say, shared with the kernel.
    ///
    /// @param offset in bytes, a whole number of pages
    /// @param bytes what the segment has; the mapping has whole pages
    /// @throws ErrnoException when the kernel refuses
    public static MemorySegment map(int fd, long offset, long bytes, boolean writable, Arena arena)
            throws ErrnoException {
        int protection = writable ? Libc.PROT_READ | Libc.PROT_WRITE : Libc.PROT_READ;
        MemorySegment segment = map(bytes, protection, Libc.MAP_SHARED, fd, offset, arena);
        return writable ? segment : segment.asReadOnly();
    }

    /// Zeroed memory of our own, whose pages exist once they are touched.
    ///
    /// @throws ErrnoException when there is not enough
    public static MemorySegment anonymous(long bytes, Arena arena) throws ErrnoException {
        return map(
                bytes,
                Libc.PROT_READ | Libc.PROT_WRITE,
                Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS,
                -1,
                0,
                arena);
    }

    private static MemorySegment map(
            long bytes, int protection, int flags, int fd, long offset, Arena arena)
            throws ErrnoException {
        long address = Libc.mmap(bytes, protection, flags, fd, offset);
        if (address < 0) {
            throw new ErrnoException((int) -address);
        }
        return Downcalls.mapped(address, bytes, arena);
    }

    /// Closes a file descriptor of our own; what was mapped of it stays.
    public static void close(int fd) {
        Libc.close(fd);
    }

    /// Memory that C owns, as a segment that can be used until the arena is closed.
    public static MemorySegment view(long address, long bytes, Arena arena) {
        return Downcalls.memory(MemorySegment.ofAddress(address), bytes, arena);
    }

    /// The kernel said no.
    public static final class ErrnoException extends Exception {
        @Serial private static final long serialVersionUID = 1;

        private final int errno;

        ErrnoException(int errno) {
            super(Errno.text(errno));
            this.errno = errno;
        }

        /// The error number, above 0.
        public int errno() {
            return errno;
        }
    }
}
