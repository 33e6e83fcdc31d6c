// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// What a scheduler is: the order, place and length of every run.
///
/// One object is one scheduler on one machine; it is called by the loop thread only and needs no
/// locks. It must not block, and should not allocate: while it does either, the machine waits.
@FunctionalInterface
public interface Policy {

    /// One cycle: takes what is queued, decides, dispatches.
    ///
    /// A task that was taken stays parked in the kernel until its decision arrives, so an exception
    /// here loses none; it ends the scheduler in an orderly way.
    ///
    /// @param kernel where tasks come from and decisions go
    /// @return how many tasks the policy holds back, 0 or more; as long as it is not 0 the policy
    ///   is called again as soon as a CPU is free
    long schedule(KernelSide kernel);
}
