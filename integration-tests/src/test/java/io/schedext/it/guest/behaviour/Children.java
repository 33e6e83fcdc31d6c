// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedCalls;
import io.schedext.it.guest.support.TaskFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Many children of one process, all asleep until they are woken at the same time; then each exits.
final class Children {

    private final Process parent;
    private final List<Integer> pids;

    private Children(Process parent, List<Integer> pids) {
        this.parent = parent;
        this.pids = pids;
    }

    /// Starts them, and returns when all are asleep on their CPU.
    ///
    /// @param load what they belong to
    static Children start(Load load, int count, int cpu) throws IOException, InterruptedException {
        // A child reads from the pipe that is its parent's standard input: nothing, then its end.
        Process parent =
                load.start(
                        "perl",
                        "-e",
                        "fork or (sysread(STDIN, $x, 1), exit) for 1.."
                                + count
                                + "; 1 while wait > 0");
        Path list = Path.of("/proc/" + parent.pid() + "/task/" + parent.pid() + "/children");
        Await.until(20, count + " children", () -> read(list).size() == count);
        List<Integer> pids = read(list);
        Await.until(20, "children asleep", () -> pids.stream().allMatch(Children::sleeps));
        pids.forEach(pid -> SchedCalls.setAffinity(pid, 1L << cpu));
        return new Children(parent, pids);
    }

    private static List<Integer> read(Path list) {
        try {
            String text = Files.readString(list).strip();
            return text.isEmpty()
                    ? List.of()
                    : Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
        } catch (IOException e) {
            return List.of(); // not there yet
        }
    }

    private static boolean sleeps(int pid) {
        try {
            // asleep in the read, not in the fork that has just made it
            return TaskFiles.of(pid).stat()[0].equals("S");
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    List<Integer> pids() {
        return pids;
    }

    /// Wakes all of them.
    void wake() throws IOException {
        parent.getOutputStream().close();
    }
}
