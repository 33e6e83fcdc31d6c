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

/// `struct bpf_test_run_opts`, for programs that take a context and give it back: `SEC("syscall")`.
public final class TestRunOptions {
    /// The kernel copies no larger context (`bpf_prog_test_run_syscall`, net/bpf/test_run.c).
    public static final int MAX_CONTEXT_BYTES = 0xffff;

    private static final StructLayout LAYOUT =
            MemoryLayout.structLayout(
                    JAVA_LONG.withName("sz"),
                    ADDRESS.withName("data_in"),
                    ADDRESS.withName("data_out"),
                    JAVA_INT.withName("data_size_in"),
                    JAVA_INT.withName("data_size_out"),
                    ADDRESS.withName("ctx_in"),
                    ADDRESS.withName("ctx_out"),
                    JAVA_INT.withName("ctx_size_in"),
                    JAVA_INT.withName("ctx_size_out"),
                    JAVA_INT.withName("retval"),
                    JAVA_INT.withName("repeat"),
                    JAVA_INT.withName("duration"),
                    JAVA_INT.withName("flags"),
                    JAVA_INT.withName("cpu"),
                    JAVA_INT.withName("batch_size"));
    private static final long RETVAL = offset("retval");

    private TestRunOptions() {}

    /// Options for a context, which the kernel reads before the run and writes back after it.
    public static MemorySegment of(Arena arena, MemorySegment context) {
        MemorySegment options = arena.allocate(LAYOUT);
        options.set(JAVA_LONG, offset("sz"), LAYOUT.byteSize());
        if (context.byteSize() > 0) {
            options.set(ADDRESS, offset("ctx_in"), context);
            options.set(JAVA_INT, offset("ctx_size_in"), (int) context.byteSize());
        }
        return options;
    }

    /// What the program returned.
    public static int retval(MemorySegment options) {
        return options.get(JAVA_INT, RETVAL);
    }

    private static long offset(String member) {
        return LAYOUT.byteOffset(PathElement.groupElement(member));
    }
}
