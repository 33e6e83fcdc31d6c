// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RehearsalTest {

    private static final int DECISIONS_THAT_FIT = (64 << 10) / (48 + 8);

    private final FakeKernel kernel = new FakeKernel();
    private final TaskRecord task = new TaskRecord(1);
    private final DispatchedTask decision = new DispatchedTask();
    private final DispatchedTask drained = new DispatchedTask();
    private final Rehearsal rehearsal = new Rehearsal(kernel, this::queue, this::drain);
    private int rounds;
    private int mostDrained;
    private long taken;

    private void queue(int tasks) {
        rounds++;
        for (int i = 0; i < tasks; i++) {
            if (kernel.counters().queued() < FakeKernel.QUEUED_RECORDS) {
                kernel.queue(task.pid(i + 1));
            }
        }
    }

    private int drain() {
        int count = 0;
        while (kernel.takeDecision(drained)) {
            count++;
        }
        mostDrained = Math.max(mostDrained, count);
        return count;
    }

    /// Takes all there is, and decides it.
    private long decideAll(KernelSide side) {
        QueuedTask next;
        while ((next = side.dequeueTask()) != null) {
            taken++;
            assertThat(side.dispatchTask(decision.of(next))).isTrue();
        }
        return 0;
    }

    @Test
    void aPolicyDecidesAsMuchAsTheCompilerWantsToSee() {
        rehearsal.run(this::decideAll);
        assertThat(rounds).isGreaterThanOrEqualTo(40);
        assertThat(taken).isEqualTo(512L * rounds);
    }

    @Test
    void theRingOfDecisionsIsFullOnce() {
        rehearsal.run(this::decideAll);
        assertThat(mostDrained).isEqualTo(DECISIONS_THAT_FIT);
    }

    @Test
    void nothingIsLeft() {
        assertLeavesNothing(this::decideAll);
    }

    @Test
    void nothingIsLeftByAPolicyThatKeepsWhatItTakes() {
        assertLeavesNothing(side -> {
            while (side.dequeueTask() != null) {
                taken++;
            }
            return taken;
        });
        assertThat(taken).isPositive();
    }

    @Test
    void nothingIsLeftByAPolicyThatTakesFewAtATime() {
        assertLeavesNothing(side -> {
            QueuedTask next = side.dequeueTask();
            return next != null && side.dispatchTask(decision.of(next)) ? 1 : 0;
        });
    }

    @Test
    void nothingIsLeftByAPolicyThatTakesNone() {
        assertLeavesNothing(_ -> 1);
    }

    private void assertLeavesNothing(Policy policy) {
        rehearsal.run(policy);
        assertThat(kernel.counters().queued()).as("tasks in the ring").isZero();
        assertThat(kernel.takeDecision(drained)).as("decisions in the ring").isFalse();
        assertThat(kernel.counters().scheduled()).as("held back").isZero();
    }

    @Test
    void whatThePolicyThrowsComesThrough() {
        IllegalStateException failure = new IllegalStateException("the test's policy fails");
        assertThatThrownBy(() ->
                        rehearsal.run(_ -> {
                            throw failure;
                        }))
                .isSameAs(failure);
    }
}
