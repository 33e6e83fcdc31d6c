// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.Errno;
import io.schedext.bpf.internal.LibbpfFunctions;
import io.schedext.bpf.internal.Lifetime;
import io.schedext.bpf.internal.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;

/// A map in the kernel. Any thread may use it until its object is closed.
public final class BpfMap {
    private final String objectName;
    private final String name;
    private final int fd;
    private final BpfMapType type;
    private final int keySize;
    private final int valueSize;
    private final int maxEntries;
    private final Lifetime lifetime;
    private final Arena arena;
    private MemorySegment memory;

    BpfMap(
            LibbpfFunctions libbpf,
            long pointer,
            String objectName,
            String name,
            Lifetime lifetime,
            Arena arena) {
        this.objectName = objectName;
        this.name = name;
        this.fd = libbpf.bpf_map__fd.call(pointer);
        this.type = BpfMapType.of(libbpf.bpf_map__type.call(pointer));
        this.keySize = libbpf.bpf_map__key_size.call(pointer);
        this.valueSize = libbpf.bpf_map__value_size.call(pointer);
        this.maxEntries = libbpf.bpf_map__max_entries.call(pointer);
        this.lifetime = lifetime;
        this.arena = arena;
    }

    /// The name it was asked for by.
    public String name() {
        return name;
    }

    /// The kernel's file descriptor.
    ///
    /// @throws IllegalStateException when the object is closed
    public int fd() {
        lifetime.checkOpen();
        return fd;
    }

    /// What kind of map it is.
    public BpfMapType type() {
        return type;
    }

    /// The size of a key in bytes; 0 for rings.
    public int keySize() {
        return keySize;
    }

    /// The size of a value in bytes; 0 for rings.
    public int valueSize() {
        return valueSize;
    }

    /// How many entries it holds at most; for a ring, its size in bytes.
    public int maxEntries() {
        return maxEntries;
    }

    /// The live values of an array map that may be mapped, which global data sections are: what the
    /// program writes shows here at once, and the other way round.
    ///
    /// Value `i` begins at `i` times the value size rounded up to 8. The segment is read-only when
    /// the map is frozen, as `.rodata` is, and valid until the object is closed.
    ///
    /// @throws BpfException when the map cannot be mapped
    /// @throws IllegalStateException when the object is closed
    public synchronized MemorySegment memory() {
        lifetime.enter();
        try {
            if (memory == null) {
                memory = mapValues();
            }
            return memory;
        } finally {
            lifetime.exit();
        }
    }

    // The map's own descriptor is mapped, because libbpf's view is not the live one before libbpf
    // 1.5.
    private MemorySegment mapValues() {
        if (type != BpfMapType.ARRAY) {
            throw failure(
                    Errno.EINVAL, "only an array with the flag BPF_F_MMAPABLE has mapped memory");
        }
        long bytes = valuesBytes(valueSize, maxEntries);
        try {
            return NativeMemory.map(fd, 0, bytes, true, arena);
        } catch (NativeMemory.ErrnoException e) {
            if (e.errno() != Errno.EPERM) {
                throw failure(e.errno(), "has it the flag BPF_F_MMAPABLE?");
            }
        }
        // Frozen: the kernel refuses a mapping that can write.
        try {
            return NativeMemory.map(fd, 0, bytes, false, arena);
        } catch (NativeMemory.ErrnoException e) {
            throw failure(e.errno(), "");
        }
    }

    /// What the values of an array take in memory: each begins at a multiple of 8.
    static long valuesBytes(int valueSize, int maxEntries) {
        return ((valueSize + 7L) & ~7L) * maxEntries;
    }

    /// Maps a part of the map's file descriptor, for the rings.
    MemorySegment mapPages(long offset, long bytes, boolean writable) {
        lifetime.enter();
        try {
            return NativeMemory.map(fd, offset, bytes, writable, arena);
        } catch (NativeMemory.ErrnoException e) {
            throw failure(e.errno(), "");
        } finally {
            lifetime.exit();
        }
    }

    /// Calls with the file descriptor, which stays open meanwhile.
    ///
    /// @throws IllegalStateException when the object is closed
    <T> T withFd(IntFunction<T> call) {
        lifetime.enter();
        try {
            return call.apply(fd);
        } finally {
            lifetime.exit();
        }
    }

    private BpfException failure(int errno, String detail) {
        return BpfException.ofErrno(objectName + ": mmap map " + name, errno, detail);
    }
}
