// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.spi;

import io.schedext.core.SchedulerOptions;

/// What the kernel side makes of the options of a scheduler: `struct scheduler_config` of its BPF
/// program. Times in nanoseconds.
///
/// @param sliceNs the default slice
/// @param maxSliceNs no slice is longer
/// @param overdueNs a task that waits longer is scheduled by the kernel side
/// @param timerNs how often that is looked at
/// @param silentAfterNs CPU time of a loop that gets nothing done until it counts as silent
/// @param heartbeatNs the loop runs at least this often
/// @param builtinIdle the kernel side gives a waking task to an idle CPU by itself
/// @param numaLocal idle CPUs are looked for in a task's own node only
public record KernelConfig(
        long sliceNs,
        long maxSliceNs,
        long overdueNs,
        long timerNs,
        long silentAfterNs,
        long heartbeatNs,
        boolean builtinIdle,
        boolean numaLocal) {

    private static final long MILLISECOND = 1_000_000;
    private static final long TICK = 4 * MILLISECOND;
    private static final long LONGEST_TIMER = 25 * MILLISECOND;
    private static final long LONGEST_HEARTBEAT = 1_000 * MILLISECOND;

    /// What these options come to.
    ///
    /// @param options of a scheduler
    /// @return its configuration
    public static KernelConfig of(SchedulerOptions options) {
        long timeout = options.watchdogTimeout().toNanos();
        long overdue = options.overdueAfter().toNanos();
        return new KernelConfig(
                options.sliceNs(),
                timeout / 4,
                overdue,
                Math.clamp(overdue / 8, TICK, LONGEST_TIMER),
                options.silentAfter().toNanos(),
                Math.min(timeout / 4, LONGEST_HEARTBEAT),
                options.builtinIdle(),
                options.numaLocal());
    }
}
