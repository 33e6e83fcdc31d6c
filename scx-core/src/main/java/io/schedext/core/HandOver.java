// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import io.schedext.core.internal.Custody;

/// One policy takes the place of another in a running loop. Any thread may ask what came of it.
public final class HandOver {

    private final Policy policy;
    private long began;
    private int tasks;
    private long lengthNs;
    private volatile boolean done;

    HandOver(Policy policy) {
        this.policy = policy;
    }

    /// By the loop.
    ///
    /// @return the policy from now on, null for none
    Policy begin(Custody custody, long now) {
        began = now;
        if (policy == null) {
            custody.forget();
        } else {
            tasks = custody.handOver();
        }
        return policy;
    }

    /// By the loop, when the policy has taken all tasks.
    void end(long now) {
        lengthNs = now - began;
        done = true;
    }

    /// Whether the new policy has taken all tasks that the old one left undecided. Never true when
    /// the loop ended before.
    ///
    /// @return true once it has
    public boolean done() {
        return done;
    }

    /// How many tasks the old policy left undecided; the new one got them first, in order of
    /// arrival.
    ///
    /// @return 0 or more; 0 while it is not [#done()]
    public int tasks() {
        return done ? tasks : 0;
    }

    /// How long it took, from the end of the old policy's last cycle to the end of the first one in
    /// which the new policy had taken all these tasks, by [KernelSide#nanoTime()].
    ///
    /// @return nanoseconds; 0 while it is not [#done()]
    public long lengthNs() {
        return done ? lengthNs : 0;
    }
}
