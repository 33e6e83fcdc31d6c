// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

/// A simulated CPU: what it runs, its local queue, and what the kernel side keeps for it (`struct
/// cpu_state` of the BPF program, by the same names).
final class CpuState implements EventQueue.Event {

    /// The deadline of a CPU that has none.
    static final long NEVER = Long.MAX_VALUE;

    final int id;
    final double speed;
    final int core;
    final int cache;
    final int node;
    final TaskQueue local = new TaskQueue();
    final EventQueue.Event kick;
    private final Kernel kernel;

    TaskState current;
    long accountedAt; // until when the current task's work is accounted for
    long deadline = NEVER; // when its step is done, or its slice over
    boolean kicked;
    boolean dispatching;

    // struct cpu_state
    int turn;
    int pastQueues;
    long claimedAt;

    CpuState(Kernel kernel, int id, double speed, int core, int cache, int node) {
        this.kernel = kernel;
        this.id = id;
        this.speed = speed;
        this.core = core;
        this.cache = cache;
        this.node = node;
        kick = () -> kernel.kicked(this);
    }

    /// The deadline, unless it was another one when this was queued.
    @Override
    public void happen() {
        if (kernel.now() == deadline) {
            deadline = NEVER; // the next one may be at this very time
            kernel.deadline(this);
        }
    }
}
