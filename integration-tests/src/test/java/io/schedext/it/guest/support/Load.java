// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Processes of the class SCHED_EXT, so that a scheduler in partial mode schedules them and nothing
/// else. They are of that class, and on their CPU, before their first instruction: a shell waits
/// for a word while it is changed from outside, then becomes the command. Each has a process group
/// of its own, which its children belong to; [#close()] kills what is left of these.
public final class Load implements AutoCloseable {

    /// The name a hog takes when it has nothing else to do any more.
    private static final String HOG = "hog";

    private final List<Process> processes = new ArrayList<>();

    /// Starts one on any CPU.
    public Process start(String... command) throws IOException {
        return start(-1, command);
    }

    /// Starts one that may use one CPU only.
    ///
    /// @param cpu the CPU, or -1 for any
    public Process start(int cpu, String... command) throws IOException {
        List<String> line =
                new ArrayList<>(List.of("setsid", "sh", "-c", "read go; exec \"$@\"", "sh"));
        line.addAll(List.of(command));
        Process process =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.DISCARD)
                        .directory(Path.of("/tmp").toFile())
                        .start();
        processes.add(process);
        // a task that sleeps changes its class without being queued
        awaitReading(process, "sh");
        check(SchedCalls.setPolicy(process.pid(), SchedCalls.EXT, 0), "join the class SCHED_EXT");
        if (cpu >= 0) {
            check(SchedCalls.setAffinity(process.pid(), 1L << cpu), "run on CPU " + cpu);
        }
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return process;
    }

    /// Waits until a process of this name sleeps, reading its standard input.
    public static void awaitReading(Process process, String name) {
        TaskFiles task = TaskFiles.of(process.pid());
        while (!(task.comm().equals(name) && task.waitsIn().endsWith("pipe_read"))) {
            if (!process.isAlive()) {
                throw new AssertionError("a process of the load ended before it began");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void check(int errno, String what) {
        if (errno != 0) {
            throw new AssertionError("a process of the load cannot " + what + ": errno " + errno);
        }
    }

    /// One that uses all it gets, until killed.
    public Process hog(int cpu) throws IOException {
        return start(cpu, "perl", "-e", "$0 = '" + HOG + "'; 1 while 1");
    }

    /// A hog that is past its start: that one reads files, so it sleeps and runs for a while.
    public Process runningHog() throws IOException, InterruptedException {
        Process process = hog(-1);
        TaskFiles task = TaskFiles.of(process.pid());
        Await.until(10, "a hog runs", () -> task.comm().equals(HOG));
        return process;
    }

    /// One that sleeps and runs shortly, so often, then exits.
    public Process sleeper(int cpu, int times, double seconds) throws IOException {
        return start(cpu, "perl", "-e", "select undef,undef,undef," + seconds + " for 1.." + times);
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
        // a group that has ended by itself is no longer there
        processes.forEach(process -> SchedCalls.killGroup(process.pid()));
        processes.forEach(process -> process.onExit().join());
    }
}
