// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What there is of BPF: in the whole kernel, by its ids, and in this process.
///
/// @param programs loaded programs
/// @param maps maps
/// @param links links
/// @param descriptors file descriptors of this process for any of them
/// @param mappings mapped memory of maps in this process
public record BpfLeftovers(int programs, int maps, int links, long descriptors, long mappings) {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    /// What there is before a test, when nothing runs: whatever tests before it have left is freed
    /// by then, or ten seconds have passed.
    public static BpfLeftovers before() throws IOException, InterruptedException {
        return await(now -> now.programs + now.maps + now.links == 0);
    }

    /// Waits until as much is left as there was, or ten seconds.
    ///
    /// @return what is left
    public static BpfLeftovers settled(BpfLeftovers before)
            throws IOException, InterruptedException {
        return await(before::equals);
    }

    /// The kernel frees BPF objects some time after their last user has gone.
    private static BpfLeftovers await(Predicate<BpfLeftovers> settled)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        BpfLeftovers now = now();
        while (!settled.test(now) && System.nanoTime() < deadline) {
            Thread.sleep(50);
            now = now();
        }
        return now;
    }

    private static BpfLeftovers now() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup libbpf = lookup(arena);
            return new BpfLeftovers(
                    count(libbpf, "bpf_prog_get_next_id"),
                    count(libbpf, "bpf_map_get_next_id"),
                    count(libbpf, "bpf_link_get_next_id"),
                    descriptorsOfBpf(),
                    mappingsOfBpf());
        }
    }

    @SuppressWarnings("restricted") // asks the kernel through libbpf, past the code under test
    private static SymbolLookup lookup(Arena arena) {
        return SymbolLookup.libraryLookup("libbpf.so.1", arena);
    }

    // int bpf_*_get_next_id(__u32 start_id, __u32 *next_id): 0 until there is no more
    @SuppressWarnings("restricted")
    private static int count(SymbolLookup libbpf, String function) {
        MethodHandle next =
                Linker.nativeLinker()
                        .downcallHandle(
                                libbpf.findOrThrow(function),
                                FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = arena.allocate(INT);
            int count = 0;
            while ((int) next.invokeExact(id.get(INT, 0), id) == 0) {
                count++;
            }
            return count;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// File descriptors of this process for anything of BPF.
    public static long descriptorsOfBpf() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(BpfLeftovers::isBpf).count();
        }
    }

    private static boolean isBpf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("bpf");
        } catch (IOException e) {
            return false; // the one that listed the folder
        }
    }

    private static long mappingsOfBpf() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("anon_inode:bpf")).count();
        }
    }
}
