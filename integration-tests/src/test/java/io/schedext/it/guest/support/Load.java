// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Processes of the class SCHED_EXT, so that a scheduler in partial mode schedules them and nothing
/// else. Each is a script of perl or sh that chrt and taskset start; [#close()] kills what is left.
public final class Load implements AutoCloseable {

    private final List<Process> processes = new ArrayList<>();

    /// Starts one on any CPU.
    public Process start(String... command) throws IOException {
        return start(-1, command);
    }

    /// Starts one that may use one CPU only.
    ///
    /// @param cpu the CPU, or -1 for any
    public Process start(int cpu, String... command) throws IOException {
        List<String> line = new ArrayList<>();
        if (cpu >= 0) {
            line.addAll(List.of("taskset", "-c", Integer.toString(cpu)));
        }
        // chrt and taskset exec the command: the pid is the command's own
        line.addAll(List.of("chrt", "--ext", "0"));
        line.addAll(List.of(command));
        Process process =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .directory(Path.of("/tmp").toFile())
                        .start();
        processes.add(process);
        return process;
    }

    /// One that uses all it gets, until killed.
    public Process hog(int cpu) throws IOException {
        return start(cpu, "perl", "-e", "1 while 1");
    }

    /// One that sleeps and runs shortly, so often, then exits.
    public Process sleeper(int cpu, int times, double seconds) throws IOException {
        return start(cpu, "perl", "-e", "select undef,undef,undef," + seconds + " for 1.." + times);
    }

    /// The scheduling policy of a task, from /proc: 7 is SCHED_EXT.
    public static int policyOf(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[38]);
    }

    /// Waits until all have exited by themselves.
    public boolean await(long seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (Process process : processes) {
            if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}
