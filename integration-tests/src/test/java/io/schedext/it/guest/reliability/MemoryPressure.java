// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import io.schedext.it.guest.support.LoadProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Processes that take more memory than their control group may have, one after the other, each
/// until the OOM killer ends it.
final class MemoryPressure implements AutoCloseable {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int LIMIT_MIB = 48;
    private static final int KILLED = 128 + 9;

    private final Path group = ROOT.resolve("eaters");

    /// Makes the control group.
    MemoryPressure() throws IOException {
        Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+memory");
        Files.createDirectory(group);
        Files.writeString(group.resolve("memory.max"), LIMIT_MIB + "M");
    }

    /// Goes on for so long.
    ///
    /// @return how many processes the OOM killer ended
    long run(double seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long before = killed();
        List<String> inGroup =
                List.of(
                        "sh",
                        "-c",
                        "echo $$ > " + group.resolve("cgroup.procs") + "; exec \"$@\"",
                        "sh");
        do {
            try (var eater = LoadProgram.startBy(inGroup, "eat", "" + 4 * LIMIT_MIB)) {
                int status = eater.await();
                if (status != KILLED) {
                    throw new AssertionError("who ate all memory ended with status " + status);
                }
            }
        } while (System.nanoTime() < end);
        return killed() - before;
    }

    private long killed() throws IOException {
        for (String line : Files.readAllLines(group.resolve("memory.events"))) {
            if (line.startsWith("oom_kill ")) {
                return Long.parseLong(line.substring("oom_kill ".length()));
            }
        }
        throw new AssertionError("the control group does not count who was killed");
    }

    @Override
    public void close() throws IOException {
        Files.delete(group);
    }
}
