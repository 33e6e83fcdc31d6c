// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.RingConsumer;
import io.schedext.bpf.RingMemory;
import io.schedext.bpf.UserRingProducer;
import io.schedext.core.DispatchedTask;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class DecisionRingTest {

    private static final int DECISIONS_THAT_FIT = 1024 / (48 + 8);

    private final CStruct decision = CStruct.of("dispatched_task");
    private final CStruct schedulerState = CStruct.of("scheduler_state");
    private final MemorySegment state = schedulerState.allocate(1);
    private final RingMemory memory = RingMemory.allocate(1024, Arena.ofAuto());
    private final DecisionRing ring = new DecisionRing(new UserRingProducer(memory), state);
    private final RingConsumer kernel = new RingConsumer(memory);

    @Test
    void everyFieldArrivesWhereTheProgramReadsIt() {
        ring.offer(
                new DispatchedTask()
                        .pid(0x7fff_fffe)
                        .cpu(-3)
                        .flags(0x8877_6655_4433_2211L)
                        .sliceNs(0x0102_0304_0506_0708L)
                        .vtime(Long.MIN_VALUE + 5)
                        .generation(1L << 61));

        long record = kernel.next();

        assertThat(kernel.length()).isEqualTo((int) decision.size());
        assertThat(read(record, "pid")).isEqualTo(0x7fff_fffe);
        assertThat(read(record, "cpu")).isEqualTo(-3);
        assertThat(read(record, "flags")).isEqualTo(0x8877_6655_4433_2211L);
        assertThat(read(record, "slice_ns")).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(read(record, "vtime")).isEqualTo(Long.MIN_VALUE + 5);
        assertThat(read(record, "generation")).isEqualTo(1L << 61);
    }

    private long read(long record, String member) {
        return decision.get(kernel.data(), record, member);
    }

    @Test
    void aFullRingTakesNothingAndCountsNothing() {
        for (int i = 1; i <= DECISIONS_THAT_FIT; i++) {
            assertThat(ring.offer(new DispatchedTask().pid(i))).isTrue();
        }
        assertThat(ring.offer(new DispatchedTask().pid(-1))).isFalse();
        assertThat(schedulerState.get(state, 0, "submitted")).isEqualTo(DECISIONS_THAT_FIT);

        for (int i = 1; i <= DECISIONS_THAT_FIT; i++) {
            assertThat(read(kernel.next(), "pid")).isEqualTo(i);
        }
        assertThat(kernel.next()).isEqualTo(RingConsumer.NONE);
        assertThat(ring.offer(new DispatchedTask().pid(99))).isTrue();
        assertThat(schedulerState.get(state, 0, "submitted")).isEqualTo(DECISIONS_THAT_FIT + 1);
    }

    @Test
    void theObjectMayBeReusedAtOnce() {
        DispatchedTask reused = new DispatchedTask();
        ring.offer(reused.pid(1));
        ring.offer(reused.pid(2));

        assertThat(read(kernel.next(), "pid")).isEqualTo(1);
        assertThat(read(kernel.next(), "pid")).isEqualTo(2);
    }

    /// What a decision says, apart from the class under test.
    private record Sent(int pid, int cpu, long flags, long sliceNs, long vtime, long generation) {}

    /// Whatever a policy decides arrives as it is, in order, in a ring that wraps and fills.
    @RepeatedTest(value = 20, name = "seed {currentRepetition}")
    void anyDecisionArrivesAsItIs(RepetitionInfo seed) {
        var random = new SplittableRandom(seed.getCurrentRepetition());
        Deque<Sent> waiting = new ArrayDeque<>();
        DispatchedTask reused = new DispatchedTask();
        long submitted = 0;
        for (int step = 0; step < 5_000; step++) {
            if (random.nextInt(5) < 3) {
                Sent sent = random(random);
                boolean taken =
                        ring.offer(
                                reused.pid(sent.pid)
                                        .cpu(sent.cpu)
                                        .flags(sent.flags)
                                        .sliceNs(sent.sliceNs)
                                        .vtime(sent.vtime)
                                        .generation(sent.generation));
                assertThat(taken).isEqualTo(waiting.size() < DECISIONS_THAT_FIT);
                if (taken) {
                    waiting.add(sent);
                    submitted++;
                }
                assertThat(schedulerState.get(state, 0, "submitted")).isEqualTo(submitted);
            } else {
                assertThat(received()).isEqualTo(waiting.poll());
            }
        }
    }

    /// The next decision as the program reads it, or null; its place is free at once.
    private Sent received() {
        long at = kernel.next();
        if (at == RingConsumer.NONE) {
            return null;
        }
        assertThat(kernel.length()).isEqualTo((int) decision.size());
        Sent received =
                new Sent(
                        (int) read(at, "pid"),
                        (int) read(at, "cpu"),
                        read(at, "flags"),
                        read(at, "slice_ns"),
                        read(at, "vtime"),
                        read(at, "generation"));
        kernel.release();
        return received;
    }

    private static Sent random(RandomGenerator random) {
        return new Sent(
                (int) number(random),
                (int) number(random),
                number(random),
                number(random),
                number(random),
                number(random));
    }

    /// Any number, those at the ends more often than others.
    private static long number(RandomGenerator random) {
        return switch (random.nextInt(8)) {
            case 0 -> Long.MIN_VALUE;
            case 1 -> Long.MAX_VALUE;
            case 2 -> random.nextInt(-1, 2);
            case 3 -> Integer.MIN_VALUE;
            default -> random.nextLong();
        };
    }
}
