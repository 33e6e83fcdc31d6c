// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import com.sun.management.ThreadMXBean;
import io.schedext.core.LoopHealth;
import java.io.IOException;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// Looks at the loop thread from outside. The loop itself makes one, and other threads read it.
public final class LoopProbe {

    private static final Path PROC = Path.of("/proc");

    /// Of the fields of stat(5), counted from the state, the third: minflt and majflt.
    private static final int MINOR_FAULTS = 10 - 3;

    private static final int MAJOR_FAULTS = 12 - 3;

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
    private final long thread = Thread.currentThread().threadId();
    private final LoopStat stat;
    private LoopStat.Faults faults = LoopStat.Faults.NONE;
    private long allocatedBytes;

    /// Of the calling thread.
    public LoopProbe() {
        stat = new LoopStat(PROC.resolve(threadFolder()).resolve("stat"));
    }

    /// Where the calling thread is in /proc, whatever its id is called there (proc(5)).
    private static Path threadFolder() {
        try {
            return Files.readSymbolicLink(PROC.resolve("thread-self"));
        } catch (IOException e) {
            return Path.of("self"); // no /proc, or none of ours: there will be nothing to read
        }
    }

    /// What happened so far, since the thread began. Of one that has ended nothing can be read any
    /// more: it stays as it was last seen, so that no difference is ever negative.
    ///
    /// @param longestPauseNs passed on
    public synchronized LoopHealth read(long longestPauseNs) {
        faults = stat.faults().orElse(faults);
        allocatedBytes = Math.max(allocatedBytes, threads.getThreadAllocatedBytes(thread));
        return new LoopHealth(
                faults.minor(),
                faults.major(),
                allocatedBytes,
                classes.getTotalLoadedClassCount(),
                longestPauseNs);
    }
}
