// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.schedext.core.fake.Allocation;
import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskQueueTest {

    private final FakeKernel kernel = new FakeKernel();
    private final TaskRecord record = new TaskRecord(1);

    private QueuedTask task(int pid, long generation) {
        kernel.queue(record.pid(pid).generation(generation));
        return kernel.dequeueTask();
    }

    private static List<Integer> drained(TaskQueue queue) {
        List<Integer> pids = new ArrayList<>();
        while (queue.size() > 0) {
            pids.add(queue.first().pid());
            queue.removeFirst();
        }
        return pids;
    }

    @Test
    void theSmallestKeyComesFirstAndEqualOnesInOrderOfArrival() {
        TaskQueue queue = new TaskQueue(8);
        long[] keys = {30, 10, 20, 10, 30, 10};
        for (int i = 0; i < keys.length; i++) {
            assertThat(queue.add(task(i + 1, 1), keys[i])).isTrue();
        }
        assertThat(queue.firstKey()).isEqualTo(10);
        assertThat(drained(queue)).containsExactly(2, 4, 6, 3, 1, 5);
    }

    @Test
    void keysMayWrap() {
        TaskQueue queue = new TaskQueue(2);
        queue.add(task(1, 1), Long.MIN_VALUE + 5);
        queue.add(task(2, 1), Long.MAX_VALUE - 5);
        assertThat(drained(queue)).containsExactly(2, 1);
    }

    @Test
    void aTaskQueuedAnewReplacesItsRecordAndItsPlace() {
        TaskQueue queue = new TaskQueue(2);
        queue.add(task(1, 1), 10);
        queue.add(task(2, 1), 20);
        assertThat(queue.add(task(1, 2), 30)).as("although it is full").isTrue();
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.find(1).generation()).isEqualTo(2);
        assertThat(drained(queue)).containsExactly(2, 1);
    }

    @Test
    void aFullQueueSaysSoAndKeepsWhatItHas() {
        TaskQueue queue = new TaskQueue(2);
        queue.add(task(1, 1), 10);
        queue.add(task(2, 1), 20);
        assertThat(queue.add(task(3, 1), 0)).isFalse();
        assertThat(queue.find(3)).isNull();
        assertThat(drained(queue)).containsExactly(1, 2);
    }

    @Test
    void anEmptyQueueHasNoFirst() {
        TaskQueue queue = new TaskQueue(1);
        assertThat(queue.first()).isNull();
        queue.removeFirst();
        assertThat(queue.remove(7)).isFalse();
        assertThat(queue.size()).isZero();
        assertThatIllegalStateException().isThrownBy(queue::firstKey);
    }

    @Test
    void clearedItTakesAsManyAsBefore() {
        TaskQueue queue = new TaskQueue(3);
        for (int round = 0; round < 2; round++) {
            for (int pid = 1; pid <= queue.capacity(); pid++) {
                assertThat(queue.add(task(pid, 1), pid)).isTrue();
            }
            queue.clear();
            assertThat(queue.size()).isZero();
            assertThat(queue.find(1)).isNull();
        }
    }

    @Test
    void refusesACapacityThatMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TaskQueue(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TaskQueue((1 << 22) + 1));
    }

    private record Held(long key, long arrival, long generation) {}

    /// Few ids and few keys, so that everything meets everything; ids that collide in the index.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void doesWhatASortedMapDoes(long seed) {
        Random random = new Random(seed);
        int capacity = 1 + random.nextInt(40);
        TaskQueue queue = new TaskQueue(capacity);
        Map<Integer, Held> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            int pid = 1 + random.nextInt(60) * (1 + (int) seed * 64);
            switch (random.nextInt(5)) {
                case 0, 1, 2 -> {
                    long key = random.nextLong(10) - 5;
                    boolean room = model.containsKey(pid) || model.size() < capacity;
                    assertThat(queue.add(task(pid, step + 1), key)).isEqualTo(room);
                    if (room) {
                        model.put(pid, new Held(key, step, step + 1));
                    }
                }
                case 3 -> assertThat(queue.remove(pid)).isEqualTo(model.remove(pid) != null);
                default -> {
                    int first = firstOf(model);
                    assertThat(queue.first() == null ? 0 : queue.first().pid()).isEqualTo(first);
                    queue.removeFirst();
                    model.remove(first);
                }
            }
            assertThat(queue.size()).isEqualTo(model.size());
            Held held = model.get(pid);
            assertThat(queue.find(pid) == null ? 0 : queue.find(pid).generation())
                    .isEqualTo(held == null ? 0 : held.generation());
        }
    }

    private static int firstOf(Map<Integer, Held> model) {
        return model.entrySet().stream()
                .min(
                        Comparator.comparingLong(
                                        (Map.Entry<Integer, Held> entry) -> entry.getValue().key())
                                .thenComparingLong(entry -> entry.getValue().arrival()))
                .map(Map.Entry::getKey)
                .orElse(0);
    }

    @Test
    void allocatesNothing() {
        TaskQueue queue = new TaskQueue(100_000);
        assertThat(Allocation.ofBestRound(() -> fillAndDrain(queue))).isZero();
    }

    private void fillAndDrain(TaskQueue queue) {
        for (int pid = 1; pid <= queue.capacity(); pid++) {
            queue.add(task(pid, 1), pid * 0x9E3779B97F4A7C15L);
        }
        while (queue.first() != null) {
            queue.removeFirst();
        }
    }
}
