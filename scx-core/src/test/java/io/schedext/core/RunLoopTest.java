// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RunLoopTest {

    private final FakeKernel kernel = new FakeKernel();

    @Test
    void aCycleAsksThePolicyThenGivesTheCpuAway() {
        List<Long> cyclesSeen = new ArrayList<>();
        RunLoop loop =
                new RunLoop(
                        kernel,
                        side -> {
                            cyclesSeen.add(kernel.cycles());
                            return 0;
                        });
        assertThat(loop.cycle()).isTrue();
        assertThat(loop.cycle()).isTrue();
        assertThat(cyclesSeen).containsExactly(0L, 1L);
        assertThat(kernel.cycles()).isEqualTo(2);
    }

    @Test
    void whatThePolicyHoldsBackIsPassedOn() {
        RunLoop loop = new RunLoop(kernel, _ -> 17);
        loop.cycle();
        assertThat(kernel.counters().scheduled()).isEqualTo(17);
    }

    @Test
    void thePolicySeesTheKernelSideItself() {
        kernel.queue(new TaskRecord(5));
        RunLoop loop =
                new RunLoop(
                        kernel,
                        side -> {
                            side.dispatchTask(new DispatchedTask(side.dequeueTask()));
                            return 0;
                        });
        loop.cycle();
        DispatchedTask decision = new DispatchedTask();
        assertThat(kernel.takeDecision(decision)).isTrue();
        assertThat(decision.pid()).isEqualTo(5);
    }

    @Test
    void endsWhenTheKernelEndsTheScheduler() {
        RunLoop loop =
                new RunLoop(
                        kernel,
                        _ -> {
                            if (kernel.cycles() == 3) {
                                kernel.end();
                            }
                            return 0;
                        });
        loop.run();
        assertThat(kernel.cycles()).isEqualTo(4);
        assertThat(loop.cycle()).isFalse();
    }

    @Test
    void aStopMakesTheCycleTheLast() {
        RunLoop[] loop = new RunLoop[1];
        loop[0] =
                new RunLoop(
                        kernel,
                        _ -> {
                            loop[0].stop();
                            return 0;
                        });
        loop[0].run();
        assertThat(kernel.cycles()).isEqualTo(1);
    }

    @Test
    void aStopFromAnotherThreadIsSeen() throws InterruptedException {
        RunLoop loop = new RunLoop(kernel, _ -> 0);
        Thread thread = Thread.ofPlatform().start(loop);
        loop.stop();
        thread.join();
        assertThat(loop.cycle()).isFalse();
    }

    @Test
    void aStoppedLoopDoesNotBegin() {
        RunLoop loop =
                new RunLoop(
                        kernel,
                        _ -> {
                            throw new AssertionError("asked after the end");
                        });
        loop.stop();
        loop.run();
        assertThat(kernel.cycles()).isZero();
    }

    @Test
    void whatThePolicyThrowsComesThrough() {
        IllegalStateException failure = new IllegalStateException("no idea");
        RunLoop loop =
                new RunLoop(
                        kernel,
                        _ -> {
                            throw failure;
                        });
        assertThatThrownBy(loop::run).isSameAs(failure);
        assertThat(kernel.cycles()).as("a failed cycle does not rest").isZero();
    }
}
