// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import io.schedext.bpf.UserRingProducer;
import io.schedext.core.DispatchedTask;
import io.schedext.core.internal.Layout.Dispatched;
import io.schedext.core.internal.Layout.State;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// The way of decisions to the kernel side: a `struct dispatched_task` each. Counts them where the
/// ledger of decisions is read from, and says whose they are. One thread; allocates nothing.
public final class DecisionRing {

    private static final VarHandle COUNT = ValueLayout.JAVA_LONG.varHandle();

    private final UserRingProducer ring;
    private final MemorySegment memory;
    private final MemorySegment state;
    private long submitted;
    private long policy;

    /// @param state a `struct scheduler_state`, for its count of decisions
    public DecisionRing(UserRingProducer ring, MemorySegment state) {
        this.ring = ring;
        this.state = state;
        memory = ring.data();
    }

    /// Begins to count anew.
    public void forget() {
        submitted = 0;
        COUNT.setOpaque(state, State.SUBMITTED, submitted);
    }

    /// What is decided from now on, another policy decides.
    public void changePolicy() {
        COUNT.setRelease(state, State.POLICY, ++policy);
    }

    /// Copies a decision into the ring.
    ///
    /// @return false when it is full: nothing was done
    public boolean offer(DispatchedTask decision) {
        long record = ring.reserve((int) Dispatched.BYTES);
        if (record == UserRingProducer.FULL) {
            return false;
        }
        MemorySegment memory = this.memory;
        memory.set(ValueLayout.JAVA_INT, record + Dispatched.PID, decision.pid());
        memory.set(ValueLayout.JAVA_INT, record + Dispatched.CPU, decision.cpu());
        memory.set(ValueLayout.JAVA_LONG, record + Dispatched.FLAGS, decision.flags());
        memory.set(ValueLayout.JAVA_LONG, record + Dispatched.SLICE_NS, decision.sliceNs());
        memory.set(ValueLayout.JAVA_LONG, record + Dispatched.VTIME, decision.vtime());
        memory.set(ValueLayout.JAVA_LONG, record + Dispatched.GENERATION, decision.generation());
        memory.set(ValueLayout.JAVA_LONG, record + Dispatched.POLICY, policy);
        ring.commit(record);
        COUNT.setRelease(state, State.SUBMITTED, ++submitted); // it can be read by then
        return true;
    }
}
