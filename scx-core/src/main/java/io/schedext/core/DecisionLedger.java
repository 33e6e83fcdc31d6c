// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// What became of the decisions. Each has one outcome: `drained` equals the sum of those that
/// follow it, and `submitted` is larger by the decisions still in the ring.
///
/// @param submitted taken by [KernelSide#dispatchTask(DispatchedTask)]
/// @param drained looked at by the kernel side
/// @param user carried out
/// @param bounced carried out on another CPU than asked for
/// @param stale the task was queued anew, or had gone elsewhere
/// @param gone there was no such task
/// @param refused made no sense: no valid id, or a task that was never queued
public record DecisionLedger(
        long submitted,
        long drained,
        long user,
        long bounced,
        long stale,
        long gone,
        long refused) {

    /// Drained decisions without an outcome.
    ///
    /// @return 0, or a few while decisions are being carried out
    public long unaccounted() {
        return drained - user - bounced - stale - gone - refused;
    }

    /// Decisions the kernel side has not looked at.
    ///
    /// @return 0 or more
    public long inRing() {
        return submitted - drained;
    }
}
