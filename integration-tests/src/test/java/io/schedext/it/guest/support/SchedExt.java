// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import io.schedext.it.cli.SchedulerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// What the kernel shows of sched_ext in /sys/kernel/sched_ext.
public final class SchedExt {

    private static final Path ROOT = Path.of("/sys/kernel/sched_ext");

    private SchedExt() {}

    /// disabled, enabling, enabled or disabling.
    public static String state() throws IOException {
        return read("state");
    }

    /// The name of the attached scheduler.
    public static String name() throws IOException {
        return read("root/ops");
    }

    /// How often a scheduler was attached since boot.
    public static long enableSequence() throws IOException {
        return Long.parseLong(read("enable_seq"));
    }

    /// How many tasks were kept out of the class by a scheduler.
    public static long rejected() throws IOException {
        return Long.parseLong(read("nr_rejected"));
    }

    /// The attached scheduler's events, counted by the kernel, by their names without SCX_EV_.
    public static Map<String, Long> events() throws IOException {
        Map<String, Long> events = new HashMap<>();
        for (String line : read("root/events").split("\n")) {
            String[] words = line.split(" ");
            events.put(words[0].replace("SCX_EV_", ""), Long.parseLong(words[1]));
        }
        return events;
    }

    /// Waits until the one that a process is to attach is attached.
    public static void awaitAttached(SchedulerProcess process)
            throws IOException, InterruptedException {
        process.until("it is attached", () -> state().equals("enabled"));
    }

    /// Waits until no scheduler is attached.
    ///
    /// @return how long that took
    public static Duration awaitDetached() throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!state().equals("disabled")) {
            Thread.sleep(5);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file)).strip();
    }
}
