// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.fake.Allocation;
import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HandOverTest {

    private final FakeKernel kernel = new FakeKernel();
    private final TaskRecord record = new TaskRecord(1);
    private final List<Integer> seen = new ArrayList<>();

    private void queue(int... pids) {
        for (int pid : pids) {
            kernel.queue(record.pid(pid));
        }
    }

    private List<Integer> decided() {
        List<Integer> pids = new ArrayList<>();
        DispatchedTask decision = new DispatchedTask();
        while (kernel.takeDecision(decision)) {
            pids.add(decision.pid());
        }
        return pids;
    }

    /// Takes all, decides some at once, and never comes back to the others.
    private static Policy deciding(int... pids) {
        return side -> {
            QueuedTask task;
            while ((task = side.dequeueTask()) != null) {
                for (int pid : pids) {
                    if (task.pid() == pid) {
                        side.dispatchTask(new DispatchedTask(task));
                    }
                }
            }
            return 0;
        };
    }

    private final Policy all =
            side -> {
                QueuedTask task;
                while ((task = side.dequeueTask()) != null) {
                    seen.add(task.pid());
                    side.dispatchTask(new DispatchedTask(task));
                }
                return 0;
            };

    @Test
    void whatIsUndecidedComesFirstAndInOrderOfArrival() {
        RunLoop loop = new RunLoop(kernel, deciding(3));
        queue(5, 3, 4);
        loop.cycle();
        queue(1);
        loop.cycle();
        HandOver handOver = loop.swap(all);
        queue(2);
        assertThat(handOver.done()).isFalse();
        loop.cycle();
        assertThat(handOver.done()).isTrue();
        assertThat(handOver.tasks()).isEqualTo(3);
        assertThat(seen).containsExactly(5, 4, 1, 2);
        assertThat(decided()).containsExactly(3, 5, 4, 1, 2);
    }

    @Test
    void whatWasDecidedLaterIsNotHandedOver() {
        List<QueuedTask> held = new ArrayList<>();
        Policy holding =
                side -> {
                    for (QueuedTask task : held) {
                        side.dispatchTask(new DispatchedTask(task));
                    }
                    held.clear();
                    QueuedTask task;
                    while ((task = side.dequeueTask()) != null) {
                        held.add(task.copy());
                    }
                    return held.size();
                };
        RunLoop loop = new RunLoop(kernel, holding);
        queue(1, 2);
        loop.cycle();
        queue(3);
        loop.cycle();
        assertThat(decided()).containsExactly(1, 2);
        loop.swap(all);
        loop.cycle();
        assertThat(seen).containsExactly(3);
    }

    @Test
    void aDecisionForAnEarlierQueueingDecidesNothing() {
        RunLoop loop =
                new RunLoop(
                        kernel,
                        side -> {
                            QueuedTask first = side.dequeueTask();
                            if (first != null) {
                                side.dispatchTask(new DispatchedTask(first).generation(0));
                            }
                            return 1;
                        });
        queue(7);
        loop.cycle();
        loop.swap(all);
        loop.cycle();
        assertThat(seen).containsExactly(7);
    }

    @Test
    void aDecisionForWhichThereWasNoRoomIsMadeAnew() {
        FakeKernel small = new FakeKernel(4096);
        DispatchedTask filler = new DispatchedTask();
        while (small.dispatchTask(filler)) {
            // until it is full
        }
        RunLoop loop = new RunLoop(small, deciding(9));
        small.queue(record.pid(9));
        loop.cycle();
        while (small.takeDecision(filler)) {
            // makes room
        }
        loop.swap(all);
        loop.cycle();
        assertThat(seen).containsExactly(9);
    }

    @Test
    void aTaskQueuedAnewIsHandedOverOnce() {
        RunLoop loop = new RunLoop(kernel, deciding());
        kernel.queue(record.pid(1).generation(1));
        kernel.queue(record.pid(2).generation(1));
        kernel.queue(record.pid(1).generation(2));
        loop.cycle();
        List<Long> generations = new ArrayList<>();
        loop.swap(side -> {
            QueuedTask task;
            while ((task = side.dequeueTask()) != null) {
                seen.add(task.pid());
                generations.add(task.generation());
            }
            return 0;
        });
        loop.cycle();
        assertThat(seen).containsExactly(2, 1);
        assertThat(generations).containsExactly(1L, 2L);
    }

    @Test
    void aPolicyThatTakesOneAtATimeIsAskedAgain() {
        RunLoop loop = new RunLoop(kernel, deciding());
        queue(1, 2, 3);
        loop.cycle();
        Policy one =
                side -> {
                    QueuedTask task = side.dequeueTask();
                    if (task != null) {
                        seen.add(task.pid());
                        side.dispatchTask(new DispatchedTask(task));
                    }
                    return 0;
                };
        HandOver handOver = loop.swap(one);
        loop.cycle();
        assertThat(kernel.counters().scheduled()).as("as if it held them back").isEqualTo(2);
        assertThat(handOver.done()).isFalse();
        loop.cycle();
        kernel.advance(500);
        loop.cycle();
        assertThat(kernel.counters().scheduled()).isZero();
        assertThat(seen).containsExactly(1, 2, 3);
        assertThat(handOver.tasks()).isEqualTo(3);
        assertThat(handOver.lengthNs()).isEqualTo(500);
    }

    @Test
    void whatTheSecondHoldsTheThirdGetsInTheSameOrder() {
        RunLoop loop = new RunLoop(kernel, deciding());
        queue(4, 2, 6);
        loop.cycle();
        loop.swap(deciding(2));
        queue(1);
        loop.cycle();
        loop.swap(all);
        loop.cycle();
        assertThat(seen).containsExactly(4, 6, 1);
    }

    @Test
    void withoutAPolicyTheLoopBlocksUntilThereIsOne() throws Exception {
        RunLoop loop = new RunLoop(kernel, deciding());
        queue(1);
        loop.cycle();
        HandOver withdrawn = loop.withdraw();
        Thread thread = Thread.ofPlatform().daemon().start(loop);
        while (!withdrawn.done() || thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        long cycles = kernel.cycles();
        HandOver handOver =
                loop.swap(side -> {
                    loop.stop();
                    return all.schedule(side);
                });
        thread.join();
        assertThat(handOver.done()).isTrue();
        assertThat(seen).as("the kernel side has them").isEmpty();
        assertThat(kernel.cycles()).isEqualTo(cycles + 1);
    }

    @Test
    void aLoopWithoutAPolicyCanBeStopped() throws Exception {
        RunLoop loop = new RunLoop(kernel, null);
        assertThat(loop.hasPolicy()).isFalse();
        Thread thread = Thread.ofPlatform().daemon().start(loop);
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        loop.stop();
        thread.join();
        assertThat(kernel.cycles()).isZero();
    }

    @Test
    void theLatestOfTwoChangesHolds() {
        RunLoop loop = new RunLoop(kernel, deciding());
        HandOver first = loop.swap(deciding());
        HandOver second = loop.swap(all);
        queue(1);
        loop.cycle();
        assertThat(first.done()).isFalse();
        assertThat(second.done()).isTrue();
        assertThat(seen).containsExactly(1);
    }

    @Test
    void aPolicyThatHoldsBackAllocatesNothingHere() {
        TaskQueue held = new TaskQueue(100);
        DispatchedTask decision = new DispatchedTask();
        Policy holding =
                side -> {
                    QueuedTask task;
                    while ((task = side.dequeueTask()) != null) {
                        held.add(task, 0);
                    }
                    while ((task = held.first()) != null) {
                        side.dispatchTask(decision.of(task));
                        held.removeFirst();
                    }
                    return 0;
                };
        assertThat(Allocation.ofMillionTasks(kernel, holding)).isZero();
    }
}
