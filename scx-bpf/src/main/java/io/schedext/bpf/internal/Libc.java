// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The few functions of the C library that this module needs.
final class Libc {
    // bits/mman-linux.h
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int MAP_PRIVATE = 2;
    static final int MAP_ANONYMOUS = 0x20;
    // bits/confname.h
    private static final int SC_PAGESIZE = 30;
    // bits/dlfcn.h
    private static final int RTLD_NOW = 2;

    // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
    private static final MemorySegment mmap = Downcalls.libc("mmap");
    // int munmap(void *addr, size_t length)
    private static final MemorySegment munmap = Downcalls.libc("munmap");
    // int close(int fd)
    private static final MemorySegment close = Downcalls.libc("close");
    // long sysconf(int name)
    private static final MemorySegment sysconf = Downcalls.libc("sysconf");
    // int vsnprintf(char *str, size_t size, const char *format, va_list ap)
    private static final MemorySegment vsnprintf = Downcalls.libc("vsnprintf");
    // void *dlopen(const char *filename, int flags)
    private static final MemorySegment dlopen = Downcalls.libc("dlopen");
    // void *dlsym(void *handle, const char *symbol)
    private static final MemorySegment dlsym = Downcalls.libc("dlsym");
    // char *dlerror(void)
    private static final MemorySegment dlerror = Downcalls.libc("dlerror");
    // int dladdr(const void *addr, Dl_info *info)
    private static final MemorySegment dladdr = Downcalls.libc("dladdr");

    private static final long MAP_FAILED = -1;

    private Libc() {}

    /// Maps memory at an address the kernel chooses.
    ///
    /// @return the address, or the negative errno
    static long mmap(long bytes, int protection, int flags, int fd, long offset) {
        return Downcalls.callOrErrno(MAP_FAILED, mmap, 0, bytes, protection, flags, fd, offset);
    }

    static void munmap(long address, long bytes) {
        int result = (int) Downcalls.call(munmap, address, bytes);
        assert result == 0 : "munmap of a mapping of our own failed";
    }

    static void close(int fd) {
        Downcalls.call(close, fd);
    }

    static long pageSize() {
        return Downcalls.call(sysconf, SC_PAGESIZE);
    }

    /// A va_list is an array on x86-64 and s390x, a structure of 32 bytes on aarch64, a pointer on
    /// riscv64: as an argument each of them is one pointer.
    ///
    /// @param arguments the va_list that a C function received
    /// @return the length the whole text has, which may be more than fits
    static int vsnprintf(MemorySegment buffer, MemorySegment format, MemorySegment arguments) {
        return (int)
                Downcalls.call(
                        vsnprintf,
                        buffer.address(),
                        buffer.byteSize(),
                        format.address(),
                        arguments.address());
    }

    /// Loads a shared library for the life of the process.
    ///
    /// @return its handle, or 0: then [#dlerror()] says why
    static long dlopen(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return Downcalls.call(dlopen, arena.allocateFrom(name).address(), RTLD_NOW);
        }
    }

    /// Why the last dlopen of this thread failed.
    static String dlerror() {
        String reason = Downcalls.string(Downcalls.call(dlerror));
        return reason == null ? "no reason given" : reason;
    }

    /// @return the symbol's address, or null where the library has none
    static MemorySegment dlsym(long library, String symbol) {
        try (Arena arena = Arena.ofConfined()) {
            long address = Downcalls.call(dlsym, library, arena.allocateFrom(symbol).address());
            return address == 0 ? null : MemorySegment.ofAddress(address);
        }
    }

    /// @return the file that holds this address, or null
    static String fileOf(MemorySegment address) {
        try (Arena arena = Arena.ofConfined()) {
            // typedef struct { const char *dli_fname; void *dli_fbase; const char *dli_sname; void
            // *dli_saddr; } Dl_info
            MemorySegment info = arena.allocate(ADDRESS, 4);
            int found = (int) Downcalls.call(dladdr, address.address(), info.address());
            return found == 0 ? null : Downcalls.string(info.get(ADDRESS, 0).address());
        }
    }
}
