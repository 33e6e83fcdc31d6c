// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.schedext.bpf.internal.Errno;
import io.schedext.bpf.internal.LibbpfFunctions;
import io.schedext.bpf.internal.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A map that is in the kernel already, of another process perhaps, to be looked at. It stays there
/// while this is open. One thread at a time.
public final class KernelMap implements AutoCloseable {

    // struct bpf_map_info of uapi/linux/bpf.h, whose beginning never changes
    private static final long INFO_BYTES = 88;
    private static final long INFO_VALUE_SIZE = 12;
    private static final long INFO_MAX_ENTRIES = 16;
    private static final long INFO_NAME = 24;

    private final Arena arena = Arena.ofShared();
    private final int fd;
    private final String name;
    private final int valueSize;
    private final int maxEntries;

    private KernelMap(int fd, MemorySegment info) {
        this.fd = fd;
        name = info.getString(INFO_NAME);
        valueSize = info.get(JAVA_INT, INFO_VALUE_SIZE);
        maxEntries = info.get(JAVA_INT, INFO_MAX_ENTRIES);
    }

    static List<KernelMap> named(LibbpfFunctions libbpf, String wanted) {
        List<KernelMap> found = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = arena.allocate(JAVA_INT);
            int error;
            while ((error = libbpf.bpf_map_get_next_id.call(id.get(JAVA_INT, 0), id)) == 0) {
                KernelMap map = open(libbpf, id.get(JAVA_INT, 0), arena);
                if (map != null && map.name.equals(wanted)) {
                    found.addFirst(map);
                } else if (map != null) {
                    map.close();
                }
            }
            if (error != -Errno.ENOENT) {
                found.forEach(KernelMap::close);
                throw BpfException.ofErrno("look for BPF maps", -error, "");
            }
        }
        return found;
    }

    /// @return null when it has just gone
    private static KernelMap open(LibbpfFunctions libbpf, int id, Arena arena) {
        int fd = libbpf.bpf_map_get_fd_by_id.call(id);
        if (fd < 0) {
            return null;
        }
        MemorySegment info = arena.allocate(INFO_BYTES, 8);
        MemorySegment bytes = arena.allocateFrom(JAVA_INT, (int) INFO_BYTES);
        if (libbpf.bpf_obj_get_info_by_fd.call(fd, info, bytes) != 0) {
            NativeMemory.close(fd);
            return null;
        }
        return new KernelMap(fd, info);
    }

    /// The size of a value in bytes; 0 for rings.
    public int valueSize() {
        return valueSize;
    }

    /// The live values of an array map that may be mapped, read-only, until this is closed.
    ///
    /// @throws BpfException when it cannot be mapped
    public MemorySegment values() {
        return map(0, BpfMap.valuesBytes(valueSize, maxEntries));
    }

    /// How full a ring is.
    ///
    /// @return a live view, until this is closed
    /// @throws BpfException when it cannot be mapped
    public RingFill ringFill() {
        long page = NativeMemory.pageSize();
        return new RingFill(map(0, page), map(page, page));
    }

    private MemorySegment map(long offset, long bytes) {
        try {
            return NativeMemory.map(fd, offset, bytes, false, arena);
        } catch (NativeMemory.ErrnoException e) {
            throw BpfException.ofErrno("map BPF map " + name, e.errno(), "");
        }
    }

    @Override
    public void close() {
        arena.close();
        NativeMemory.close(fd);
    }
}
