// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.schedext.core.DispatchedTask;
import io.schedext.core.fake.Allocation;
import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VruntimePolicyTest {

    private static final long SLICE = 5_000_000;

    private final FakeKernel kernel = new FakeKernel();
    private final VruntimePolicy policy = new VruntimePolicy(SLICE);

    private DispatchedTask decide(TaskRecord task) {
        kernel.queue(task);
        assertThat(policy.schedule(kernel)).isZero();
        DispatchedTask decision = new DispatchedTask();
        assertThat(kernel.takeDecision(decision)).isTrue();
        return decision;
    }

    private long vtimeOf(TaskRecord task) {
        return decide(task).vtime();
    }

    @Test
    void aTaskPaysForWhatItRan() {
        assertThat(vtimeOf(new TaskRecord(1).vtime(70).ran(1000, 1300))).isEqualTo(370);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 15, 100, 300, 10_000})
    void aHeavyTaskPaysLessThanALightOne(long weight) {
        assertThat(vtimeOf(new TaskRecord(1).weight(weight).ran(0, 900_000)))
                .isEqualTo(900_000 * 100 / weight);
    }

    @Test
    void aTaskThatHasNotRunPaysNothing() {
        assertThat(vtimeOf(new TaskRecord(1).vtime(33))).isEqualTo(33);
        assertThat(vtimeOf(new TaskRecord(1).vtime(33).ran(500, 400)))
                .as("runs now: it began after it last stopped")
                .isEqualTo(33);
    }

    @Test
    void whoSleptIsOneSliceAheadAtMost() {
        long clock = 100 * SLICE;
        vtimeOf(new TaskRecord(1).vtime(clock));
        assertThat(vtimeOf(new TaskRecord(2).vtime(0))).isEqualTo(clock - SLICE);
        assertThat(vtimeOf(new TaskRecord(3).vtime(clock - SLICE - 1))).isEqualTo(clock - SLICE);
        assertThat(vtimeOf(new TaskRecord(4).vtime(clock - SLICE + 1)))
                .isEqualTo(clock - SLICE + 1);
    }

    @Test
    void vtimesWrapAround() {
        long beforeTheEnd = Long.MAX_VALUE - 10;
        // from time to time everybody's vtime comes up to the clock; this one starts far on
        advanceTo(beforeTheEnd);
        long wrapped = vtimeOf(new TaskRecord(1).vtime(beforeTheEnd).ran(0, 100));
        assertThat(wrapped).isEqualTo(beforeTheEnd + 100).isNegative();
        assertThat(vtimeOf(new TaskRecord(1).vtime(wrapped).ran(0, 7))).isEqualTo(wrapped + 7);
        assertThat(vtimeOf(new TaskRecord(2).vtime(wrapped - 2 * SLICE)))
                .as("the floor is on the other side of the end")
                .isEqualTo(wrapped - SLICE)
                .isPositive();
    }

    private void advanceTo(long vtime) {
        vtimeOf(new TaskRecord(1).vtime(vtime / 2));
        vtimeOf(new TaskRecord(1).vtime(vtime));
    }

    /// One CPU, played by hand: the smallest vtime runs a slice, is queued anew, and so on.
    @Test
    void runTimeIsSharedByWeight() {
        long[] weights = {100, 200, 300};
        long[] vtimes = new long[3];
        long[] ran = new long[3];
        long now = 0;
        for (int turn = 0; turn < 6000; turn++) {
            int next = 0;
            for (int i = 1; i < 3; i++) {
                if (vtimes[i] - vtimes[next] < 0) {
                    next = i;
                }
            }
            ran[next]++;
            vtimes[next] =
                    vtimeOf(
                            new TaskRecord(next + 1)
                                    .weight(weights[next])
                                    .vtime(vtimes[next])
                                    .ran(now, now += SLICE));
        }
        assertThat(ran[0]).isCloseTo(1000, within(10L));
        assertThat(ran[1]).isCloseTo(2000, within(10L));
        assertThat(ran[2]).isCloseTo(3000, within(10L));
    }

    @Test
    void everyDecisionHasTheSliceAndAnIdleCpuIfThereIsOne() {
        kernel.idle(1);
        DispatchedTask first = decide(new TaskRecord(8).cpu(0).generation(4));
        assertThat(first.cpu()).isEqualTo(1);
        assertThat(first.sliceNs()).isEqualTo(SLICE);
        assertThat(first.generation()).isEqualTo(4);
        assertThat(decide(new TaskRecord(9)).cpu()).isEqualTo(DispatchedTask.ANY_CPU);
    }

    @Test
    void aFullRingKeepsTheDecisionAsItWas() {
        FakeKernel tight = new FakeKernel(64); // one decision fits
        tight.queue(new TaskRecord(1).vtime(10));
        tight.queue(new TaskRecord(2).vtime(20).ran(0, 100));
        tight.queue(new TaskRecord(3).vtime(30));
        DispatchedTask decision = new DispatchedTask();
        for (int pid = 1; pid <= 3; pid++) {
            assertThat(policy.schedule(tight)).isEqualTo(pid < 3 ? 1 : 0);
            assertThat(tight.takeDecision(decision)).isTrue();
            assertThat(decision.pid()).isEqualTo(pid);
            assertThat(decision.vtime()).isEqualTo(pid == 2 ? 120 : pid * 10);
        }
        assertThat(tight.takeDecision(decision)).isFalse();
    }

    @Test
    void aSliceOfNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VruntimePolicy(-1))
                .withMessage("a slice is above 0 ns, not -1");
    }

    /// Law 3, as far as it can be seen without a kernel.
    @Test
    void aMillionTasksAllocateNothing() {
        assertThat(Allocation.ofMillionTasks(kernel, policy)).isZero();
    }
}
