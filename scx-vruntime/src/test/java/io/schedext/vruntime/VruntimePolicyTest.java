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

    private static final long MILLI = 1_000_000;
    private static final long SLICE = 20 * MILLI;
    private static final long MIN_SLICE = MILLI;

    /// From a virtual run time to a deadline, for nice 0.
    private static final long REQUEST = 3 * MILLI;

    private final FakeKernel kernel = new FakeKernel();
    private final VruntimePolicy policy = new VruntimePolicy(SLICE, MIN_SLICE);

    private static TaskRecord task(int pid) {
        return new TaskRecord(pid).nrCpusAllowed(2).execRuntime(1);
    }

    private static TaskRecord woken(int pid) {
        return task(pid).execRuntime(0);
    }

    private DispatchedTask decide(TaskRecord task) {
        kernel.queue(task);
        assertThat(policy.schedule(kernel)).isZero();
        return next();
    }

    private DispatchedTask next() {
        DispatchedTask decision = new DispatchedTask();
        assertThat(kernel.takeDecision(decision)).isTrue();
        return decision;
    }

    private long deadlineOf(TaskRecord task) {
        return decide(task).vtime();
    }

    /// The deadline of a task of nice 0 that has never run: where all are, and a request.
    private long begins() {
        return deadlineOf(task(1000));
    }

    @Test
    void aTaskPaysForWhatItRan() {
        long start = begins();
        assertThat(deadlineOf(task(1).vtime(start).ran(1000, 1000 + 4 * MILLI)))
                .isEqualTo(start + 4 * MILLI);
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 15, 100, 300, 10_000})
    void aHeavyTaskPaysLessThanALightOneAndIsDueSooner(long weight) {
        long clock = begins() - REQUEST;
        long request = REQUEST * 100 / weight;
        assertThat(deadlineOf(task(1).weight(weight))).isEqualTo(clock + request);
        assertThat(deadlineOf(task(1).weight(weight).vtime(clock + request).ran(0, 900_000)))
                .isEqualTo(clock + request + 900_000 * 100 / weight);
    }

    @Test
    void whoWasAloneDoesNotPayForThat() {
        long start = begins();
        assertThat(deadlineOf(task(1).vtime(start).ran(0, 5_000 * MILLI)))
                .isEqualTo(start + SLICE + 10 * MILLI);
    }

    @Test
    void aTaskThatHasNotRunPaysNothing() {
        long start = begins();
        assertThat(deadlineOf(task(1).vtime(start))).isEqualTo(start);
        assertThat(deadlineOf(task(1).vtime(start).ran(500, 400)))
                .as("runs now: it began after it last stopped")
                .isEqualTo(start);
    }

    /// Once around the machine: tasks that were further behind come up to there.
    @Test
    void whoSleptIsAheadOfTheOthersButNotByMuch() {
        long late = begins() + 500 * MILLI;
        for (int i = 0; i < 100; i++) {
            deadlineOf(task(1).vtime(late));
        }
        long sleeper = deadlineOf(woken(2).vtime(late - 400 * MILLI));
        assertThat(sleeper).isCloseTo(late - 20 * MILLI, within(1000L));
        assertThat(deadlineOf(woken(3).vtime(late - 5 * MILLI))).isEqualTo(late - 5 * MILLI);
        assertThat(deadlineOf(woken(4))).as("one that is new").isCloseTo(late, within(1000L));
    }

    @Test
    void nobodyIsAheadOfTheClockByMoreThanASecond() {
        long start = begins();
        assertThat(deadlineOf(task(1).weight(1).vtime(start + 297 * MILLI).ran(0, 20 * MILLI)))
                .isEqualTo(start + 297 * MILLI + 1000 * MILLI);
    }

    /// A quarter of all times at a go is not ahead but far behind, so it takes many small steps.
    @Test
    void virtualTimesWrapAround() {
        VruntimePolicy old = new VruntimePolicy(SLICE, MIN_SLICE, false, Long.MAX_VALUE - MILLI);
        kernel.queue(task(1));
        old.schedule(kernel);
        long first = next().vtime();
        assertThat(first).isNegative();
        kernel.queue(task(1).vtime(first).ran(0, 5 * MILLI));
        kernel.queue(woken(2).vtime(first - 100 * MILLI));
        old.schedule(kernel);
        assertThat(next().vtime()).isEqualTo(first + 5 * MILLI);
        assertThat(next().vtime()).isEqualTo(first - 20 * MILLI).isPositive();
    }

    /// One CPU, played by hand: the earliest deadline runs a slice, is queued anew, and so on.
    @Test
    void runTimeIsSharedByWeight() {
        long[] weights = {100, 200, 300};
        long[] deadlines = new long[3];
        long[] ran = new long[3];
        long now = 0;
        for (int i = 0; i < 3; i++) {
            deadlines[i] = deadlineOf(task(i + 1).weight(weights[i]));
        }
        for (int turn = 0; turn < 6000; turn++) {
            int next = 0;
            for (int i = 1; i < 3; i++) {
                if (deadlines[i] - deadlines[next] < 0) {
                    next = i;
                }
            }
            ran[next]++;
            deadlines[next] =
                    deadlineOf(
                            task(next + 1)
                                    .weight(weights[next])
                                    .vtime(deadlines[next])
                                    .ran(now, now += 4 * MILLI));
        }
        assertThat(ran[0]).isCloseTo(1000, within(10L));
        assertThat(ran[1]).isCloseTo(2000, within(10L));
        assertThat(ran[2]).isCloseTo(3000, within(10L));
    }

    @Test
    void slicesShrinkWithTheNumberThatWaitAndGrowWithWeight() {
        assertThat(decide(task(1)).sliceNs()).isEqualTo(SLICE);
        kernel.waiting(6); // for two CPUs
        assertThat(decide(task(1)).sliceNs()).isEqualTo(SLICE / 4);
        assertThat(decide(task(1).weight(200)).sliceNs()).isEqualTo(SLICE / 2);
        assertThat(decide(task(1).weight(10_000)).sliceNs()).isEqualTo(SLICE);
        assertThat(decide(task(1).weight(1)).sliceNs()).isEqualTo(MIN_SLICE);
        kernel.waiting(100_000);
        assertThat(decide(task(1)).sliceNs()).isEqualTo(MIN_SLICE);
    }

    /// The loop gives a CPU away, which the first one gets; the others need one of their own.
    @Test
    void whoWakesUpEarlyTakesACpu() {
        long late = begins() + 100 * MILLI;
        for (int i = 0; i < 100; i++) {
            deadlineOf(task(1).vtime(late));
        }
        long early = late - 50 * MILLI;
        kernel.queue(woken(2).vtime(early));
        kernel.queue(woken(3).vtime(early));
        kernel.queue(woken(4).vtime(late));
        kernel.queue(task(5).vtime(early));
        policy.schedule(kernel);
        assertThat(next().flags()).as("the first").isZero();
        assertThat(next().flags()).as("the second").isEqualTo(DispatchedTask.PREEMPT);
        assertThat(next().flags()).as("one that is not early").isZero();
        assertThat(next().flags()).as("one that has not slept").isZero();
        assertThat(decide(woken(6).nrCpusAllowed(1).vtime(early)).flags())
                .as("one that may run on one CPU only")
                .isEqualTo(DispatchedTask.PREEMPT);
    }

    @Test
    void everyTaskRunsWhereACpuIsFree() {
        DispatchedTask decision = decide(task(8).cpu(0).generation(4));
        assertThat(decision.cpu()).isEqualTo(DispatchedTask.ANY_CPU);
        assertThat(decision.generation()).isEqualTo(4);
    }

    @Test
    void aFullRingKeepsTheDecisionAsItWas() {
        FakeKernel tight = new FakeKernel(64); // one decision fits
        long start = begins();
        tight.queue(task(1).vtime(start));
        tight.queue(task(2).vtime(start).ran(0, 100));
        tight.queue(task(3).vtime(start));
        for (int pid = 1; pid <= 3; pid++) {
            assertThat(policy.schedule(tight)).isEqualTo(pid < 3 ? 1 : 0);
            DispatchedTask decision = new DispatchedTask();
            assertThat(tight.takeDecision(decision)).isTrue();
            assertThat(decision.pid()).isEqualTo(pid);
            assertThat(decision.vtime()).isEqualTo(pid == 2 ? start + 100 : start);
        }
        assertThat(tight.takeDecision(new DispatchedTask())).isFalse();
    }

    @Test
    void slicesThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VruntimePolicy(1, 0))
                .withMessage("the shortest slice is above 0 ns, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VruntimePolicy(1, 2))
                .withMessage("the longest slice, 1 ns, is shorter than the shortest, 2 ns");
    }

    /// Law 3, as far as it can be seen without a kernel.
    @Test
    void aMillionTasksAllocateNothing() {
        assertThat(Allocation.ofMillionTasks(kernel, policy)).isZero();
    }
}
