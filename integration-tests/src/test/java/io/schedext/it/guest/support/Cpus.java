// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The guest's CPUs: on line or not, on which node, how idle, and who may use them.
public final class Cpus {

    /// How many there are: looked up before any of them is taken off line.
    public static final int COUNT = Runtime.getRuntime().availableProcessors();

    /// All of them: bit n for CPU n.
    public static final long ALL = (1L << COUNT) - 1;

    private static final Path DEVICES = Path.of("/sys/devices/system/cpu");

    private Cpus() {}

    /// Takes a CPU off line as soon as the kernel can do that.
    public static void takeOff(int cpu) throws IOException {
        MapsBeingFreed.await();
        online(cpu, false);
    }

    /// Takes a CPU off line at once, or brings it back.
    public static void online(int cpu, boolean on) throws IOException {
        Files.writeString(onlineFile(cpu), on ? "1" : "0");
    }

    static boolean isOnline(int cpu) throws IOException {
        return Files.readString(onlineFile(cpu)).strip().equals("1");
    }

    private static Path onlineFile(int cpu) {
        return DEVICES.resolve("cpu" + cpu + "/online");
    }

    /// The numbers of a list such as 0-2,5.
    public static List<Integer> parse(String list) {
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
    public static List<List<Integer>> nodes() throws IOException {
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
    public static void pinOwnThreads(long mask) throws IOException {
        // a thread that has just ended is no matter
        TaskFiles.own().forEach(thread -> SchedCalls.setAffinity(thread.id(), mask));
    }

    /// How long each CPU was idle since boot, in ticks of 10 ms.
    public static Map<Integer, Long> idleTicks() throws IOException {
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
