// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import io.schedext.it.guest.support.SchedCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The guest's CPUs: on line or not, on which node, and who may use them.
final class Cpus {

    static final int COUNT = Runtime.getRuntime().availableProcessors();

    private static final Path DEVICES = Path.of("/sys/devices/system/cpu");
    private static final Path OWN_THREADS = Path.of("/proc/self/task");

    private Cpus() {}

    /// Takes a CPU off line, or brings it back.
    static void online(int cpu, boolean on) throws IOException {
        Files.writeString(DEVICES.resolve("cpu" + cpu + "/online"), on ? "1" : "0");
    }

    /// The numbers of a list such as 0-2,5.
    private static List<Integer> parse(String list) {
        List<Integer> cpus = new ArrayList<>();
        for (String range : list.strip().split(",")) {
            int dash = range.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int last = Integer.parseInt(range.substring(dash + 1));
            for (int cpu = first; cpu <= last; cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }

    /// The CPUs of each NUMA node.
    static List<List<Integer>> nodes() throws IOException {
        Path folder = Path.of("/sys/devices/system/node");
        List<List<Integer>> nodes = new ArrayList<>();
        for (int node : parse(Files.readString(folder.resolve("online")))) {
            nodes.add(parse(Files.readString(folder.resolve("node" + node + "/cpulist"))));
        }
        return nodes;
    }

    /// Lets all threads of this JVM run on these CPUs only.
    ///
    /// @param mask bit n for CPU n
    static void pinOwnThreads(long mask) throws IOException {
        try (Stream<Path> threads = Files.list(OWN_THREADS)) {
            // a thread that has just ended is no matter
            threads.map(Path::getFileName)
                    .map(Path::toString)
                    .forEach(tid -> SchedCalls.setAffinity(Long.parseLong(tid), mask));
        }
    }

    /// The id of the thread of this JVM that has this name.
    static long threadId(String name) throws IOException {
        try (Stream<Path> threads = Files.list(OWN_THREADS)) {
            return threads.filter(thread -> commOf(thread).equals(name))
                    .mapToLong(thread -> Long.parseLong(thread.getFileName().toString()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no thread " + name));
        }
    }

    private static String commOf(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    /// CPU time a process has used, ns.
    static long used(long pid) {
        return schedstat(Path.of("/proc/" + pid), 0);
    }

    /// CPU time a thread of this JVM has used, ns.
    static long usedByOwn(long tid) {
        return schedstat(OWN_THREADS.resolve(Long.toString(tid)), 0);
    }

    /// How often a thread of this JVM was switched to.
    static long runsOfOwn(long tid) {
        return schedstat(OWN_THREADS.resolve(Long.toString(tid)), 2);
    }

    private static long schedstat(Path task, int field) {
        try {
            return Long.parseLong(
                    Files.readString(task.resolve("schedstat")).strip().split(" ")[field]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How long each CPU was idle since boot, in ticks of 10 ms.
    static Map<Integer, Long> idleTicks() throws IOException {
        Map<Integer, Long> idle = new HashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
            if (line.matches("cpu\\d.*")) {
                String[] words = line.split(" +");
                // idle, and waiting for I/O
                idle.put(
                        Integer.parseInt(words[0].substring(3)),
                        Long.parseLong(words[4]) + Long.parseLong(words[5]));
            }
        }
        return idle;
    }
}
