// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.rlfifo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedext.core.DispatchedTask;
import io.schedext.core.fake.Allocation;
import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FifoPolicyTest {

    private static final long LONGEST = 6_000_000;

    private final FakeKernel kernel = new FakeKernel();
    private final FifoPolicy policy = new FifoPolicy(LONGEST);

    private static List<DispatchedTask> decisions(FakeKernel kernel) {
        List<DispatchedTask> decisions = new ArrayList<>();
        DispatchedTask decision = new DispatchedTask();
        while (kernel.takeDecision(decision)) {
            decisions.add(decision);
            decision = new DispatchedTask();
        }
        return decisions;
    }

    private static void queue(FakeKernel kernel, int... pids) {
        for (int pid : pids) {
            kernel.queue(new TaskRecord(pid).generation(pid * 10L));
        }
    }

    @Test
    void keepsTheOrderOfArrival() {
        queue(kernel, 5, 3, 9, 3, 1);
        assertThat(policy.schedule(kernel)).isZero();
        queue(kernel, 2);
        assertThat(policy.schedule(kernel)).isZero();

        List<DispatchedTask> decisions = decisions(kernel);
        assertThat(decisions)
                .extracting(DispatchedTask::pid)
                .as("order")
                .containsExactly(5, 3, 9, 3, 1, 2);
        assertThat(decisions)
                .extracting(DispatchedTask::vtime)
                .as("equal vtimes run in order of arrival")
                .containsOnly(0L);
        assertThat(decisions)
                .extracting(DispatchedTask::generation)
                .containsExactly(50L, 30L, 90L, 30L, 10L, 20L);
    }

    @Test
    void withoutTasksNothingIsDecidedNorHeldBack() {
        assertThat(policy.schedule(kernel)).isZero();
        assertThat(decisions(kernel)).isEmpty();
    }

    @Test
    void slicesShrinkWithTheQueue() {
        queue(kernel, 1);
        policy.schedule(kernel);
        queue(kernel, 1, 2, 3, 4, 5);
        policy.schedule(kernel);

        assertThat(decisions(kernel))
                .extracting(DispatchedTask::sliceNs)
                .containsExactly(
                        LONGEST / 2,
                        LONGEST / 6,
                        LONGEST / 6,
                        LONGEST / 6,
                        LONGEST / 6,
                        LONGEST / 6);
    }

    @Test
    void aSliceIsNeverTheDefaultByAccident() {
        FifoPolicy tiny = new FifoPolicy(3);
        queue(kernel, 1, 2, 3, 4, 5);
        tiny.schedule(kernel);
        assertThat(decisions(kernel)).extracting(DispatchedTask::sliceNs).containsOnly(1L);
    }

    @Test
    void anIdleCpuGetsTheTaskAndElseTheFirstFreeOne() {
        kernel.idle(0, 1);
        kernel.queue(new TaskRecord(1).cpu(1));
        kernel.queue(new TaskRecord(2).cpu(1));
        kernel.queue(new TaskRecord(3).cpu(1));
        policy.schedule(kernel);
        assertThat(decisions(kernel))
                .extracting(DispatchedTask::cpu)
                .containsExactly(1, 0, DispatchedTask.ANY_CPU);
    }

    @Test
    void aFullRingLosesNoDecision() {
        FakeKernel tight = new FakeKernel(128); // two decisions fit
        queue(tight, 1, 2, 3, 4, 5);

        List<Integer> pids = new ArrayList<>();
        for (int cycle = 0; cycle < 3; cycle++) {
            long heldBack = policy.schedule(tight);
            List<DispatchedTask> decisions = decisions(tight);
            decisions.forEach(decision -> pids.add(decision.pid()));
            assertThat(heldBack).isEqualTo(cycle < 2 ? 1 : 0);
        }
        assertThat(pids).containsExactly(1, 2, 3, 4, 5);
        assertThat(tight.counters().decisions().submitted()).isEqualTo(5);
    }

    @Test
    void whileTheRingStaysFullNothingElseIsTaken() {
        FakeKernel tight = new FakeKernel(128);
        queue(tight, 1, 2, 3, 4);
        assertThat(policy.schedule(tight)).isEqualTo(1);
        tight.idle(0);
        assertThat(policy.schedule(tight)).isEqualTo(1);
        assertThat(policy.schedule(tight)).isEqualTo(1);
        // the decision for 3 is held back and 3's record with it, 4 waits in the ring
        assertThat(tight.counters().queued()).isEqualTo(2);
        assertThat(decisions(tight)).extracting(DispatchedTask::pid).containsExactly(1, 2);
        assertThat(tight.selectCpu(4, 0, 0)).as("nobody claimed the idle CPU").isZero();
    }

    @Test
    void aSliceOfNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FifoPolicy(0))
                .withMessage("a slice is above 0 ns, not 0");
    }

    /// Law 3, as far as it can be seen without a kernel.
    @Test
    void aMillionTasksAllocateNothing() {
        assertThat(Allocation.ofMillionTasks(kernel, policy)).isZero();
    }
}
