// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import io.schedext.bpf.BpfException;
import io.schedext.bpf.KernelMap;
import io.schedext.bpf.Libbpf;
import io.schedext.bpf.RingFill;
import io.schedext.core.internal.KernelProgram;
import io.schedext.core.internal.Layout;
import io.schedext.core.internal.LoopStat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks at a scheduler that another process runs, without asking it: its counters are in memory of
/// the kernel, which is mapped here, read-only. One thread at a time.
public final class SchedulerMonitor implements AutoCloseable {

    private static final Path SCHED_EXT = Path.of("/sys/kernel/sched_ext");

    private final List<KernelMap> maps;
    private final Counters counters;
    private final LoopStat loop;
    private final String attached;
    private LoopStat.Faults faults = LoopStat.Faults.NONE;

    private SchedulerMonitor(List<KernelMap> maps, String attached) {
        this.maps = maps;
        this.attached = attached;
        RingFill queued = maps.get(0).ringFill();
        MemorySegment state = maps.get(2).values();
        counters =
                new Counters(
                        maps.get(1).values(),
                        state,
                        () -> queued.bytes() / (Layout.Queued.BYTES + Long.BYTES));
        loop = LoopStat.of(state.get(ValueLayout.JAVA_INT, Layout.State.LOOP_PID));
    }

    /// Finds the scheduler that is attached.
    ///
    /// @param libbpf the libbpf to use instead of the one that is found
    /// @return a view of it; the caller closes it
    /// @throws SchedulerException with [ExitStatus#NOT_ATTACHED] when none of this project is, and
    ///   when the kernel does not let us look
    public static SchedulerMonitor open(Optional<Path> libbpf) {
        String attached = attached();
        List<KernelMap> maps = new ArrayList<>();
        try {
            if (!attached.isEmpty()) {
                Libbpf library = Libbpf.load(libbpf);
                maps.add(youngest(library, KernelProgram.QUEUED, 0));
                maps.add(youngest(library, KernelProgram.CPUS, Layout.Cpu.BYTES));
                maps.add(youngest(library, KernelProgram.STATE, Layout.State.LATENCY));
            }
            if (maps.isEmpty() || maps.contains(null)) {
                throw new SchedulerException(
                        ExitStatus.NOT_ATTACHED,
                        "No scheduler of this kind is attached: start one first.");
            }
            return new SchedulerMonitor(maps, attached);
        } catch (BpfException e) {
            close(maps);
            throw SchedulerException.of(e);
        } catch (RuntimeException e) {
            close(maps);
            throw e;
        }
    }

    /// The one made last, if its values are as large as ours at least.
    private static KernelMap youngest(Libbpf libbpf, String name, long valueBytes) {
        KernelMap youngest = null;
        for (KernelMap map : libbpf.mapsNamed(name)) {
            if (youngest == null && map.valueSize() >= valueBytes) {
                youngest = map;
            } else {
                map.close();
            }
        }
        return youngest;
    }

    /// The scheduler's name and how often schedulers were attached before it.
    private static String attached() {
        try {
            if (!read("state").equals("enabled")) {
                return "";
            }
            return read("root/ops") + " " + read("enable_seq");
        } catch (IOException e) {
            return "";
        }
    }

    private static String read(String file) throws IOException {
        return Files.readString(SCHED_EXT.resolve(file)).strip();
    }

    /// Whether it is still attached; one that has attached again after CPUs came or went is another
    /// one.
    ///
    /// @return false for ever once it is not
    public boolean isAttached() {
        return attached.equals(attached());
    }

    /// What it has counted. Of its loop, page faults and pauses are known; what it allocates only
    /// its own process knows.
    ///
    /// @return a snapshot
    public Statistics statistics() {
        faults = loop.faults().orElse(faults);
        return Statistics.of(
                counters,
                new LoopHealth(faults.minor(), faults.major(), 0, 0, counters.longestPauseNs()));
    }

    @Override
    public void close() {
        close(maps);
    }

    private static void close(List<KernelMap> maps) {
        for (KernelMap map : maps) {
            if (map != null) {
                map.close();
            }
        }
    }
}
