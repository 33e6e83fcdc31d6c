// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// The loop: asks the policy, gives the CPU away, until it is stopped or the kernel ends the
/// scheduler. It knows the kernel only as [KernelSide], so a simulated one drives the same class.
///
/// [#cycle()] and [#run()] belong to one thread; [#stop()] may be called by any.
public final class RunLoop implements Runnable {

    private final KernelSide kernel;
    private final Policy policy;
    private volatile boolean stopped;

    /// A loop that has not begun.
    ///
    /// @param kernel where tasks come from and decisions go
    /// @param policy what decides
    public RunLoop(KernelSide kernel, Policy policy) {
        this.kernel = kernel;
        this.policy = policy;
    }

    /// One cycle: the policy, then the CPU is given away. What the policy throws comes through.
    ///
    /// @return false when there will be no other
    public boolean cycle() {
        if (stopped || kernel.exited()) {
            return false;
        }
        kernel.notifyComplete(policy.schedule(kernel));
        return true;
    }

    /// Cycles until there is no other.
    @Override
    public void run() {
        while (cycle()) {
            // all is done in the condition
        }
    }

    /// Makes the next cycle the last.
    public void stop() {
        stopped = true;
    }
}
