// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// The kernel as a policy and the run loop see it: tasks in, decisions out, a clock.
///
/// [BpfScheduler] is the real one; a simulated one drives the same policies and the same run loop.
/// Unless it says otherwise, a method is called by the loop thread only.
public interface KernelSide {

    /// The next task that needs a decision, in the order the kernel queued them.
    ///
    /// @return a view that is valid until the next call, or null when none is queued
    QueuedTask dequeueTask();

    /// Hands a decision to the kernel. The object is copied and may be reused at once.
    ///
    /// @param task the decision
    /// @return false when the ring is full: nothing is lost, dispatch it again in the next cycle
    boolean dispatchTask(DispatchedTask task);

    /// Looks for an idle CPU for a task, as a wake-up would, and reserves it. One system call.
    ///
    /// @param pid the task, as in [QueuedTask#pid()]
    /// @param prevCpu where it ran last, preferred if idle
    /// @param flags wake-up flags of the kernel (`enum scx_wake_flags`), 0 for none
    /// @return a CPU number, or negative when none is idle
    int selectCpu(int pid, int prevCpu, long flags);

    /// Another policy decides from now on, to whom the last one's vtimes mean nothing: tasks come
    /// with a vtime of 0 again, and those that the last one decided and that still wait are the
    /// kernel side's. [RunLoop#swap(Policy)] does that; it is not for policies.
    ///
    /// Nothing by default: for those who keep nothing of a decision.
    default void changePolicy() {}

    /// Ends a cycle: tells the kernel how many tasks the policy holds back and gives the CPU away
    /// until there is something to do.
    ///
    /// @param pending tasks that the policy holds back, 0 or more
    void notifyComplete(long pending);

    /// Whether the kernel has ended this scheduler. Any thread may ask.
    ///
    /// @return true once it has
    boolean exited();

    /// What was counted so far; a live view. Any thread may read it.
    ///
    /// @return the counters
    Counters counters();

    /// A monotonic clock in nanoseconds, of no particular origin: in a kernel `CLOCK_MONOTONIC`,
    /// which the time stamps of [QueuedTask] are taken from too (`bpf_ktime_get_ns()`). Any thread
    /// may ask.
    ///
    /// @return nanoseconds
    long nanoTime();
}
