// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Whether the kernel is freeing maps of BPF objects that were closed.
///
/// No CPU may be taken off line meanwhile, or the kernel deadlocks (6.18.15): bpf_map_free() keeps
/// its task on its CPU while it waits for a grace period of RCU tasks trace, that one waits for the
/// lock that a CPU's leaving holds, and the leaving waits until no task is kept on the CPU.
final class MapsBeingFreed {

    private static final Path PROC = Path.of("/proc");
    private static final String WORKER = "kworker/";
    private static final String FREEING = "bpf_map_free";

    /// A map's freeing begins some grace periods after the object was closed.
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(2);

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private MapsBeingFreed() {}

    /// Waits until none has been seen for a while.
    static void await() throws IOException {
        long start = System.nanoTime();
        long last = start;
        while (System.nanoTime() - last < QUIET_NS) {
            if (anyWorkerFrees()) {
                last = System.nanoTime();
                if (last - start > PATIENCE_NS) {
                    throw new AssertionError("the kernel does not come to an end freeing maps");
                }
            }
            pause();
        }
    }

    private static boolean anyWorkerFrees() throws IOException {
        try (Stream<Path> processes = Files.list(PROC)) {
            return processes
                    .filter(path -> read(path, "comm").startsWith(WORKER))
                    .anyMatch(path -> read(path, "stack").contains(FREEING));
        }
    }

    private static String read(Path process, String file) {
        try {
            return String.join("\n", Files.readAllLines(process.resolve(file)));
        } catch (IOException e) {
            return ""; // no process, or it has ended
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100); // each look reads all of /proc
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while maps are freed", e);
        }
    }
}
