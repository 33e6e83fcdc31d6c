// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.core.spi.CounterMemory;
import io.schedext.core.spi.KernelConfig;
import java.util.function.IntSupplier;

/// The loop as the kernel side sees it, and the dead man's switch: `silence.h` and the times of
/// `loop.h`, by the same names.
final class LoopWatch {

    static final int SILENT_BLOCKED = 0;
    static final int SILENT_STALLED = 1;
    static final int SILENT_STARVED = 2;

    private static final long STALLED_WINDOW_NS = 100_000_000;
    private static final long STALLED_SLICE_NS = 4_000_000;

    private final Kernel kernel;
    private final KernelConfig config;
    private final CounterMemory counters;
    private final IntSupplier records;

    // words that Java writes
    long pending;
    long progress;

    // struct scheduler_state
    int loopCpu = -1;
    int loopHome;
    boolean loopPinned;
    boolean loopBlocked;
    boolean loopResting;
    boolean heartbeat;
    long loopSince;
    private long loopBlockedAt;
    private long loopStarted;
    private long loopUsed;
    private long loopPaused;
    private long starvingSince;
    private long loopWindow;
    private long loopWindowUsed;
    private long progressSeen;
    private long progressUsed;
    private long silentSince;
    private long silentProgress;

    /// @param records how many wait for the loop
    LoopWatch(Kernel kernel, KernelConfig config, CounterMemory counters, IntSupplier records) {
        this.records = records;
        this.kernel = kernel;
        this.config = config;
        this.counters = counters;
        loopSince = kernel.now();
    }

    boolean hasWork() {
        return heartbeat || pending > 0 || !loopResting || records.getAsInt() > 0;
    }

    private long cpuTime(long t) {
        return loopCpu >= 0 && loopStarted < t ? loopUsed + t - loopStarted : loopUsed;
    }

    boolean stalled(long t) {
        return progress == progressSeen && cpuTime(t) - progressUsed > config.silentAfterNs();
    }

    private boolean withinBudget(long t) {
        long used = cpuTime(t);
        if (!stalled(t)) {
            return true;
        }
        if (t - loopWindow > STALLED_WINDOW_NS) {
            loopWindow = t;
            loopWindowUsed = used;
        }
        return used == loopWindowUsed;
    }

    boolean mayRun(long t) {
        return !loopBlocked && hasWork() && (silentSince == 0 || withinBudget(t));
    }

    long slice(long t) {
        return stalled(t) ? Math.min(config.sliceNs(), STALLED_SLICE_NS) : config.sliceNs();
    }

    /// Whether a silent loop has used its share up.
    boolean overBudget(long t) {
        return silentSince != 0 && !withinBudget(t);
    }

    private void enterSilence(int cause, long t) {
        silentProgress = progress;
        if (silentSince != 0) {
            return;
        }
        silentSince = t;
        counters.silenceBegins(cause);
    }

    /// Whether the kernel side is on its own now.
    boolean silent() {
        long t = kernel.now();
        if (silentSince != 0) {
            if (progress == silentProgress) {
                return true;
            }
            counters.silenceEnds(t - silentSince);
            silentSince = 0;
            return false;
        }
        if (!loopBlocked || t - loopBlockedAt <= config.silentAfterNs() / 10) {
            return false;
        }
        enterSilence(SILENT_BLOCKED, t);
        return true;
    }

    private boolean starved(long t) {
        if (loopCpu >= 0 || loopBlocked || !hasWork()) {
            return false;
        }
        if (starvingSince < loopSince) {
            starvingSince = t;
        }
        return t - starvingSince > config.silentAfterNs() * 10;
    }

    /// The same by the timer.
    ///
    /// @param waiting whether any task is parked
    boolean watch(long t, boolean waiting) {
        boolean wasSilent = silent();
        if (progress != progressSeen) {
            progressSeen = progress;
            progressUsed = cpuTime(t);
            return wasSilent;
        }
        if (wasSilent || !waiting) {
            return wasSilent;
        }
        if (stalled(t)) {
            enterSilence(SILENT_STALLED, t);
        } else if (starved(t)) {
            enterSilence(SILENT_STARVED, t);
        } else {
            return false;
        }
        return true;
    }

    // ---- what the loop does ----

    void queued(TaskState loop, long t) {
        if (loopBlocked) {
            loopSince = t;
            loopResting = false;
            loopBlocked = false;
        }
        noteHome(loop);
        loopCpu = -1;
    }

    void runs(TaskState loop, long t) {
        if (loopPaused != 0 && t >= loopPaused) {
            counters.pause(t - loopPaused);
        }
        loopPaused = 0;
        loopStarted = t;
        heartbeat = false;
        loopResting = false;
        loopBlocked = false;
        noteHome(loop);
        loopCpu = loop.cpu;
    }

    void stops(long t, boolean blocks) {
        if (blocks) {
            loopBlockedAt = t;
            loopBlocked = true;
        }
        if (t >= loopStarted && loopCpu >= 0) {
            loopUsed += t - loopStarted;
        }
        loopSince = t;
        loopPaused = loopResting ? 0 : t;
        loopCpu = -1;
    }

    private void noteHome(TaskState loop) {
        loopHome = loop.cpu;
        loopPinned = loop.nrAllowed < kernel.cpus.length;
    }
}
