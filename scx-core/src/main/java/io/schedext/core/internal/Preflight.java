// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import io.schedext.core.ExitStatus;
import io.schedext.core.SchedulerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// What can be known before anything is loaded: the kernel, the privileges, other schedulers.
public final class Preflight {

    /// uapi/linux/capability.h
    private static final long CAP_SYS_ADMIN = 1L << 21;

    private static final long CAP_PERFMON = 1L << 38;
    private static final long CAP_BPF = 1L << 39;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(10);

    private final Path root;

    /// @param root where /sys and /proc are: "/" but in tests
    public Preflight(Path root) {
        this.root = root;
    }

    /// Checks all there is to check.
    ///
    /// @throws SchedulerException with the first thing that is wrong
    public void check() {
        if (!Files.isDirectory(sched())) {
            throw new SchedulerException(
                    ExitStatus.NO_SCHED_EXT,
                    "This kernel has no sched_ext: boot Linux 6.12 or newer built with"
                            + " CONFIG_SCHED_CLASS_EXT=y.");
        }
        if (!Files.isReadable(root.resolve("sys/kernel/btf/vmlinux"))) {
            throw new SchedulerException(
                    ExitStatus.NO_BTF,
                    "This kernel does not describe its types in /sys/kernel/btf/vmlinux: boot one"
                            + " built with CONFIG_DEBUG_INFO_BTF=y.");
        }
        long capabilities = effectiveCapabilities();
        if ((capabilities & CAP_SYS_ADMIN) == 0
                && (capabilities & (CAP_BPF | CAP_PERFMON)) != (CAP_BPF | CAP_PERFMON)) {
            throw new SchedulerException(
                    ExitStatus.NOT_PERMITTED,
                    "Scheduling the machine needs root: run with sudo, or give the process CAP_BPF and"
                            + " CAP_PERFMON.");
        }
        if (!settledState().equals("disabled")) {
            String name = attachedName();
            throw new SchedulerException(
                    ExitStatus.OTHER_SCHEDULER,
                    "Another scheduler"
                            + (name.isEmpty() ? "" : ", " + name + ",")
                            + " is attached: stop it first.");
        }
    }

    /// Counts CPUs coming and going; an attach with an old number is refused by the kernel.
    ///
    /// @return the kernel's `hotplug_seq`
    public long hotplugSequence() {
        return Long.parseUnsignedLong(read(sched().resolve("hotplug_seq")));
    }

    /// The number of CPUs this machine can ever have, which bounds their ids.
    ///
    /// @return 1 or more
    public int possibleCpus() {
        // "0-3", or "0,2-5": the last number is the highest id
        String possible = read(root.resolve("sys/devices/system/cpu/possible"));
        String last = possible.substring(possible.lastIndexOf(',') + 1);
        return Integer.parseInt(last.substring(last.lastIndexOf('-') + 1)) + 1;
    }

    /// Whether each core is one CPU now: hyperthreads do not exist, or are switched off.
    ///
    /// @return false as well where the kernel does not say
    public boolean coresAreSingle() {
        Path active = root.resolve("sys/devices/system/cpu/smt/active");
        return Files.isReadable(active) && read(active).equals("0");
    }

    private Path sched() {
        return root.resolve("sys/kernel/sched_ext");
    }

    /// A scheduler that has just ended takes a moment to leave, and is no reason to refuse.
    private String settledState() {
        String state = state();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (state.equals("disabling") && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL.toNanos());
            state = state();
        }
        return state;
    }

    private String state() {
        return read(sched().resolve("state"));
    }

    private String attachedName() {
        Path ops = sched().resolve("root/ops");
        return Files.isReadable(ops) ? read(ops) : "";
    }

    private long effectiveCapabilities() {
        try (Stream<String> lines = Files.lines(root.resolve("proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw unreadable(root.resolve("proc/self/status"), e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static SchedulerException unreadable(Path file, IOException e) {
        return new SchedulerException(
                ExitStatus.FAILED, "Cannot read " + file + ": is it mounted and readable?", e);
    }
}
