// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.core.internal.Layout;
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

/// The two rings of the attached, or just detached, scheduler as the kernel has them: found by
/// their file descriptors, positions mapped anew, so that nothing the scheduler says of itself is
/// taken for granted. There must be no other ring in this process.
final class Rings {

    // uapi/linux/bpf.h
    private static final int RINGBUF = 27;
    private static final int USER_RINGBUF = 31;

    /// Before each record.
    private static final long HEADER = 8;

    private static final long PAGE = 4096;
    private static final int PROT_READ = 1;
    private static final int MAP_SHARED = 1;

    private Rings() {}

    /// How many records of tasks fit into their ring.
    static long capacityForTasks() throws IOException {
        String info = Files.readString(only(RINGBUF));
        long bytes =
                info.lines()
                        .filter(line -> line.startsWith("max_entries:"))
                        .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
                        .findFirst()
                        .orElseThrow();
        return (bytes - 1) / (HEADER + Layout.Queued.BYTES);
    }

    /// How many decisions their ring holds.
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
                                    Integer.parseInt(only(USER_RINGBUF).getFileName().toString()),
                                    0L);
            if (address.address() == -1) {
                throw new AssertionError("the ring of decisions cannot be mapped");
            }
            MemorySegment pages = address.reinterpret(2 * PAGE, arena, null);
            long consumed = pages.get(ValueLayout.JAVA_LONG, 0);
            long produced = pages.get(ValueLayout.JAVA_LONG, PAGE);
            int _ = (int) munmap.invokeExact(address, 2 * PAGE);
            long span = HEADER + Layout.Dispatched.BYTES;
            if ((produced - consumed) % span != 0) {
                throw new AssertionError(
                        "the ring holds " + (produced - consumed) + " bytes: not whole decisions");
            }
            return (produced - consumed) / span;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static Path only(int mapType) throws IOException {
        try (Stream<Path> infos = Files.list(Path.of("/proc/self/fdinfo"))) {
            List<Path> rings = infos.filter(info -> isOf(mapType, info)).toList();
            if (rings.size() != 1) {
                throw new AssertionError(
                        rings.size() + " maps of type " + mapType + " in this process, not 1");
            }
            return rings.getFirst();
        }
    }

    private static boolean isOf(int mapType, Path info) {
        try {
            return Files.readString(info).lines().anyMatch(("map_type:\t" + mapType)::equals);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
