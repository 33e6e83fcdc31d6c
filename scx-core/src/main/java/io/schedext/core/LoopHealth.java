// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// How quiet the loop is: what it should have none of once it is attached. Immutable.
///
/// @param minorFaults page faults of the loop thread without I/O, `minflt` of
///   `/proc/PID/task/TID/stat`
/// @param majorFaults page faults of the loop thread that waited for I/O, `majflt` there
/// @param allocatedBytes what the loop thread allocated in the Java heap
/// @param loadedClasses classes loaded by any thread of the JVM
/// @param longestPauseNs see [Counters#longestPauseNs()]; of all the time, in differences too
public record LoopHealth(
        long minorFaults,
        long majorFaults,
        long allocatedBytes,
        long loadedClasses,
        long longestPauseNs) {

    /// Nothing happened.
    public static final LoopHealth NONE = new LoopHealth(0, 0, 0, 0, 0);

    /// The same with another number of classes.
    LoopHealth withLoadedClasses(long classes) {
        return new LoopHealth(minorFaults, majorFaults, allocatedBytes, classes, longestPauseNs);
    }

    /// What happened since an earlier snapshot; the longest pause as it is now.
    ///
    /// @param earlier the earlier one
    /// @return the difference
    public LoopHealth since(LoopHealth earlier) {
        return new LoopHealth(
                minorFaults - earlier.minorFaults,
                majorFaults - earlier.majorFaults,
                allocatedBytes - earlier.allocatedBytes,
                loadedClasses - earlier.loadedClasses,
                longestPauseNs);
    }

    /// For one line of statistics. Without floating point, whose formatting would load classes the
    /// first time that there is something to tell.
    @Override
    public String toString() {
        return "faults=%d/%d allocated=%d classes=%d pause=%d.%dms"
                .formatted(
                        minorFaults,
                        majorFaults,
                        allocatedBytes,
                        loadedClasses,
                        longestPauseNs / 1_000_000,
                        longestPauseNs / 100_000 % 10);
    }
}
