// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.LibbpfFunctions;
import io.schedext.bpf.internal.Lifetime;
import io.schedext.bpf.internal.TestRunOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A loaded program. Any thread may use it until its object is closed.
public final class BpfProgram {
    private final LibbpfFunctions libbpf;
    private final int fd;
    private final String objectName;
    private final String name;
    private final Lifetime lifetime;
    private final Arena arena;

    BpfProgram(
            LibbpfFunctions libbpf,
            int fd,
            String objectName,
            String name,
            Lifetime lifetime,
            Arena arena) {
        this.libbpf = libbpf;
        this.fd = fd;
        this.objectName = objectName;
        this.name = name;
        this.lifetime = lifetime;
        this.arena = arena;
    }

    /// The program's function.
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

    /// Runs a `SEC("syscall")` program once.
    ///
    /// @param context what the program gets, at most 65,535 bytes, writable, on the heap or off it;
    ///   what the program wrote there is in it afterwards
    /// @return the program's return value
    /// @throws BpfException when the kernel refuses
    /// @throws IllegalStateException when the object is closed
    public int run(MemorySegment context) {
        try (Arena confined = Arena.ofConfined()) {
            MemorySegment copy =
                    confined.allocate(checkSize(context.byteSize()), Long.BYTES).copyFrom(context);
            int result = runPrepared(TestRunOptions.of(confined, copy));
            context.copyFrom(copy);
            return result;
        }
    }

    /// Runs a `SEC("syscall")` program once, without a context.
    ///
    /// @see #run(MemorySegment)
    public int run() {
        return run(MemorySegment.NULL);
    }

    /// Prepares many runs, which then allocate nothing.
    ///
    /// @param contextBytes the context's size, 0 to 65,535
    /// @throws IllegalStateException when the object is closed
    public Runner runner(int contextBytes) {
        lifetime.enter();
        try {
            MemorySegment context = arena.allocate(checkSize(contextBytes), Long.BYTES);
            return new Runner(context, TestRunOptions.of(arena, context));
        } finally {
            lifetime.exit();
        }
    }

    private static long checkSize(long bytes) {
        if (bytes < 0 || bytes > TestRunOptions.MAX_CONTEXT_BYTES) {
            throw new IllegalArgumentException(
                    "a context has 0 to "
                            + TestRunOptions.MAX_CONTEXT_BYTES
                            + " bytes, not "
                            + bytes);
        }
        return bytes;
    }

    private int runPrepared(MemorySegment options) {
        lifetime.enter();
        try {
            int result = libbpf.bpf_prog_test_run_opts.call(fd, options);
            if (result < 0) {
                throw BpfException.ofErrno(objectName + ": run program " + name, -result, "");
            }
            return TestRunOptions.retval(options);
        } finally {
            lifetime.exit();
        }
    }

    /// A run that is prepared once: its context stays where it is, and a run is one system call
    /// without allocation.
    ///
    /// One thread at a time: two that run at once overwrite each other's context.
    public final class Runner {
        private final MemorySegment context;
        private final MemorySegment options;

        private Runner(MemorySegment context, MemorySegment options) {
            this.context = context;
            this.options = options;
        }

        /// What the program gets, and gives back. Valid until the object is closed.
        public MemorySegment context() {
            return context;
        }

        /// Runs the program once.
        ///
        /// @return the program's return value
        /// @throws BpfException when the kernel refuses
        /// @throws IllegalStateException when the object is closed
        public int run() {
            return runPrepared(options);
        }
    }
}
