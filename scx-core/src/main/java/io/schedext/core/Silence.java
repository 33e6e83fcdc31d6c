// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// The dead man's switch: when the kernel side scheduled all by itself because the loop was silent,
/// counted by cause. A silence ends as soon as the loop gets something done: takes a task, decides
/// one, or ends a cycle. Immutable.
///
/// @param blocked the loop slept for a tenth of [SchedulerOptions#silentAfter()]: stopped, at a
///   safepoint, in a page fault, waiting for a lock
/// @param stalled the loop used [SchedulerOptions#silentAfter()] of CPU time without getting
///   anything done while tasks waited for their decision
/// @param starved the loop was runnable for ten times [SchedulerOptions#silentAfter()] and got no
///   CPU: a higher scheduling class has it
/// @param damaged the ring of decisions cannot be read any more; this one does not end
/// @param exits silences that have ended
/// @param endedNs how long these took together, nanoseconds
public record Silence(
        long blocked, long stalled, long starved, long damaged, long exits, long endedNs) {

    /// How often the loop fell silent, for whatever cause.
    ///
    /// @return 0 or more; one more than [#exits()] while it is silent
    public long entries() {
        return blocked + stalled + starved + damaged;
    }
}
