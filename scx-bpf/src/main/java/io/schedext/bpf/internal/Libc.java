// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

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

    private static final MethodHandle MMAP =
            Downcalls.shapeWithErrno(
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    private static final MethodHandle MUNMAP =
            Downcalls.shape(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SYSCONF =
            Downcalls.shape(FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    // A va_list is an array on x86-64 and s390x, a structure of 32 bytes on aarch64, a pointer on
    // riscv64: as an
    // argument each of them is one pointer.
    private static final MethodHandle VSNPRINTF =
            Downcalls.shape(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    private static final MethodHandle DLOPEN =
            Downcalls.shape(FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle DLSYM =
            Downcalls.shape(FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle DLERROR = Downcalls.shape(FunctionDescriptor.of(ADDRESS));
    private static final MethodHandle DLADDR =
            Downcalls.shape(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

    private Libc() {}

    /// Maps memory at an address the kernel chooses.
    ///
    /// @return the address, or the negative errno
    static long mmap(long bytes, int protection, int flags, int fd, long offset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Downcalls.allocateCallState(arena);
            long address =
                    (long) MMAP.invokeExact(mmap, state, 0L, bytes, protection, flags, fd, offset);
            return address == -1 ? -Downcalls.errno(state) : address;
        } catch (Throwable e) {
            throw Downcalls.rethrown(e);
        }
    }

    static void munmap(long address, long bytes) {
        try {
            int result = (int) MUNMAP.invokeExact(munmap, address, bytes);
            assert result == 0 : "munmap of a mapping of our own failed";
        } catch (Throwable e) {
            throw Downcalls.rethrown(e);
        }
    }

    static long pageSize() {
        try {
            return (long) SYSCONF.invokeExact(sysconf, SC_PAGESIZE);
        } catch (Throwable e) {
            throw Downcalls.rethrown(e);
        }
    }

    /// @param arguments the va_list that a C function received
    /// @return the length the whole text has, which may be more than fits
    static int vsnprintf(MemorySegment buffer, MemorySegment format, MemorySegment arguments) {
        try {
            return (int)
                    VSNPRINTF.invokeExact(vsnprintf, buffer, buffer.byteSize(), format, arguments);
        } catch (Throwable e) {
            throw Downcalls.rethrown(e);
        }
    }

    /// Loads a shared library for the life of the process.
    ///
    /// @return its handle, or null: then [#dlerror()] says why
    static MemorySegment dlopen(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle =
                    (MemorySegment) DLOPEN.invokeExact(dlopen, arena.allocateFrom(name), RTLD_NOW);
            return handle.address() == 0 ? null : handle;
        } catch (Throwable e) {
            throw Downcalls.rethrown(e);
        }
    }

    /// Why the last dlopen of this thread failed.
    static String dlerror() {
        try {
            String reason = Downcalls.string((MemorySegment) DLERROR.invokeExact(dlerror));
            return reason == null ? "no reason given" : reason;
        } catch (Throwable e) {
            throw Downcalls.rethrown(e);
        }
    }

    /// @return the symbol's address, or null where the library has none
    static MemorySegment dlsym(MemorySegment library, String symbol) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address =
                    (MemorySegment) DLSYM.invokeExact(dlsym, library, arena.allocateFrom(symbol));
            return address.address() == 0 ? null : address;
        } catch (Throwable e) {
            throw Downcalls.rethrown(e);
        }
    }

    /// @return the file that holds this address, or null
    static String fileOf(MemorySegment address) {
        try (Arena arena = Arena.ofConfined()) {
            // typedef struct { const char *dli_fname; void *dli_fbase; const char *dli_sname; void
            // *dli_saddr; } Dl_info
            MemorySegment info = arena.allocate(ADDRESS, 4);
            int found = (int) DLADDR.invokeExact(dladdr, address, info);
            return found == 0 ? null : Downcalls.string(info.get(ADDRESS, 0));
        } catch (Throwable e) {
            throw Downcalls.rethrown(e);
        }
    }
}
