// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// What became of the tasks handed to user space. Each comes back exactly once: after detach
/// `opened` equals the sum of the others; while running it is larger by the tasks still parked, and
/// the counts, which are not read at one instant, may be off by one per CPU.
///
/// @param opened handed to user space
/// @param user dispatched by a decision
/// @param bounced dispatched by a decision, on another CPU than it asked for
/// @param silence dispatched by the kernel side because the loop was silent, see [Silence]
/// @param overdue waited too long and were dispatched by the kernel side
/// @param kernel taken by the kernel itself: suspend, hotplug, while attaching and detaching
/// @param requeued queued anew before a decision came: their affinity or priority changed
/// @param left went to another scheduling class, or were there when the scheduler was detached
public record TaskLedger(
        long opened,
        long user,
        long bounced,
        long silence,
        long overdue,
        long kernel,
        long requeued,
        long left) {

    /// Tasks that are opened and not closed.
    ///
    /// @return the tasks in custody now; 0 after detach
    public long held() {
        return opened - user - bounced - silence - overdue - kernel - requeued - left;
    }
}
