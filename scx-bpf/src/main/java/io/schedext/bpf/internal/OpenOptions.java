// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct bpf_object_open_opts` of libbpf 1.3 and newer, as far as it is used here.
///
/// libbpf reads only the first `sz` bytes, so a newer libbpf with more members takes this one too.
public final class OpenOptions {
    private static final StructLayout LAYOUT =
            MemoryLayout.structLayout(
                    JAVA_LONG.withName("sz"),
                    ADDRESS.withName("object_name"),
                    JAVA_INT.withName("relaxed_maps"),
                    MemoryLayout.paddingLayout(4),
                    ADDRESS.withName("pin_root_path"),
                    JAVA_LONG.withName("removed"),
                    ADDRESS.withName("kconfig"),
                    ADDRESS.withName("btf_custom_path"),
                    ADDRESS.withName("kernel_log_buf"),
                    JAVA_LONG.withName("kernel_log_size"),
                    JAVA_INT.withName("kernel_log_level"),
                    MemoryLayout.paddingLayout(4));

    private OpenOptions() {}

    /// Options with a name and with a buffer for the verifier's log, all alive as long as the
    /// arena.
    public static MemorySegment of(Arena arena, String name, MemorySegment log) {
        MemorySegment options = arena.allocate(LAYOUT);
        options.set(JAVA_LONG, offset("sz"), LAYOUT.byteSize());
        options.set(ADDRESS, offset("object_name"), arena.allocateFrom(name));
        options.set(ADDRESS, offset("kernel_log_buf"), log);
        options.set(JAVA_LONG, offset("kernel_log_size"), log.byteSize());
        return options;
    }

    private static long offset(String member) {
        return LAYOUT.byteOffset(PathElement.groupElement(member));
    }
}
