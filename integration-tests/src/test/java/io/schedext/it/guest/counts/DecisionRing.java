// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The ring of decisions as the kernel has it: found by its file descriptor, its positions mapped
/// anew, so that nothing the scheduler says of itself is taken for granted.
final class DecisionRing {

    // uapi/linux/bpf.h
    private static final int USER_RINGBUF = 31;

    /// A header of 8 bytes and a decision of 40.
    private static final int SPAN = 48;

    private static final long PAGE = 4096;
    private static final int PROT_READ = 1;
    private static final int MAP_SHARED = 1;

    private DecisionRing() {}

    /// How many decisions the attached, or just detached, scheduler's ring holds.
    @SuppressWarnings("restricted") // mmap(2) and munmap(2)
    static long decisions() throws IOException {
        Linker linker = Linker.nativeLinker();
        MethodHandle mmap =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("mmap"),
                        FunctionDescriptor.of(
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG));
        MethodHandle munmap =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("munmap"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address =
                    (MemorySegment)
                            mmap.invokeExact(
                                    MemorySegment.NULL,
                                    2 * PAGE,
                                    PROT_READ,
                                    MAP_SHARED,
                                    descriptor(),
                                    0L);
            if (address.address() == -1) {
                throw new AssertionError("the ring of decisions cannot be mapped");
            }
            MemorySegment pages = address.reinterpret(2 * PAGE, arena, null);
            long consumed = pages.get(ValueLayout.JAVA_LONG, 0);
            long produced = pages.get(ValueLayout.JAVA_LONG, PAGE);
            int _ = (int) munmap.invokeExact(address, 2 * PAGE);
            if ((produced - consumed) % SPAN != 0) {
                throw new AssertionError(
                        "the ring holds " + (produced - consumed) + " bytes: not whole decisions");
            }
            return (produced - consumed) / SPAN;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int descriptor() throws IOException {
        try (Stream<Path> infos = Files.list(Path.of("/proc/self/fdinfo"))) {
            List<Path> rings = infos.filter(DecisionRing::isUserRing).toList();
            if (rings.size() != 1) {
                throw new AssertionError(rings.size() + " user rings in this process, not 1");
            }
            return Integer.parseInt(rings.getFirst().getFileName().toString());
        }
    }

    private static boolean isUserRing(Path info) {
        try {
            return Files.readString(info).lines().anyMatch(("map_type:\t" + USER_RINGBUF)::equals);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
