// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// In a thread of its own, for a consumer that does not come back could not be interrupted.
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class RingConsumerTest {
    private static final int SIZE = 256;

    private final RingMemory memory = RingMemory.allocate(SIZE, Arena.ofAuto());
    private final KernelHalf kernel = new KernelHalf(memory);
    private final RingConsumer ring = new RingConsumer(memory);

    @Test
    void hasNothingAtFirst() {
        assertThat(ring.next()).isEqualTo(RingConsumer.NONE);
        assertThat(ring.pending()).isZero();
        assertThat(ring.length()).isZero();
        assertThat(ring.size()).isEqualTo(SIZE);
    }

    @Test
    void findsARecordAndItsLength() {
        submit(0x1234_5678_9abc_def0L, 8);
        long record = ring.next();
        assertThat(record).isEqualTo(8);
        assertThat(ring.length()).isEqualTo(8);
        assertThat(ring.data().get(JAVA_LONG, record)).isEqualTo(0x1234_5678_9abc_def0L);
    }

    @Test
    void keepsARecordUntilTheNextIsAskedFor() {
        submit(1, 100);
        submit(2, 100);
        assertThat(ring.next()).isPositive();
        assertThat(kernel.reserve(100)).isEqualTo(-1);
        assertThat(ring.next()).isPositive();
        assertThat(kernel.reserve(100)).isPositive();
    }

    @Test
    void releaseGivesTheRecordBackAtOnceAndOnlyOnce() {
        submit(1, 100);
        submit(2, 100);
        ring.next();
        ring.release();
        assertThat(ring.length()).isZero();
        long pending = ring.pending();
        ring.release();
        assertThat(ring.pending()).isEqualTo(pending).isEqualTo(112);
        assertThat(ring.data().get(JAVA_LONG, ring.next())).isEqualTo(2);
    }

    @Test
    void waitsBehindABusyRecord() {
        long busy = kernel.reserve(8);
        submit(2, 8);
        assertThat(ring.next()).isEqualTo(RingConsumer.NONE);
        assertThat(ring.pending()).isEqualTo(32);
        memory.data().set(JAVA_LONG, busy, 1);
        kernel.submit(busy);
        assertThat(ring.data().get(JAVA_LONG, ring.next())).isEqualTo(1);
        assertThat(ring.data().get(JAVA_LONG, ring.next())).isEqualTo(2);
        assertThat(ring.next()).isEqualTo(RingConsumer.NONE);
    }

    @Test
    void skipsDiscardedRecordsAndFreesThem() {
        kernel.discard(kernel.reserve(40));
        kernel.discard(kernel.reserve(40));
        submit(3, 8);
        kernel.discard(kernel.reserve(40));
        assertThat(ring.data().get(JAVA_LONG, ring.next())).isEqualTo(3);
        assertThat(ring.next()).isEqualTo(RingConsumer.NONE);
        assertThat(ring.pending()).isZero();
    }

    @Test
    void freesDiscardedRecordsInFrontOfABusyOne() {
        kernel.discard(kernel.reserve(40));
        kernel.reserve(8);
        assertThat(ring.next()).isEqualTo(RingConsumer.NONE);
        assertThat(ring.pending()).isEqualTo(16);
    }

    @Test
    void takesEmptyRecords() {
        kernel.submit(kernel.reserve(0));
        submit(2, 8);
        assertThat(ring.next()).isEqualTo(8);
        assertThat(ring.length()).isZero();
        assertThat(ring.data().get(JAVA_LONG, ring.next())).isEqualTo(2);
    }

    @Test
    void goesOnWhereAnEarlierConsumerStopped() {
        submit(1, 8);
        submit(2, 8);
        ring.next();
        ring.release();
        RingConsumer second = new RingConsumer(memory);
        assertThat(second.data().get(JAVA_LONG, second.next())).isEqualTo(2);
    }

    @Test
    void takesARecordAsLargeAsTheRing() {
        UserRingProducer producer = new UserRingProducer(memory);
        producer.commit(producer.reserve(SIZE - 8));
        assertThat(ring.next()).isEqualTo(8);
        assertThat(ring.length()).isEqualTo(SIZE - 8);
        assertThat(ring.next()).isEqualTo(RingConsumer.NONE);
        assertThat(ring.pending()).isZero();
    }

    @Test
    void refusesARecordThatIsLongerThanWhatWasWritten() {
        submit(1, 8);
        submit(2, 8);
        ring.next();
        memory.data().set(JAVA_INT, 16, 9);
        assertDamaged(
                "The ring of 256 bytes is damaged at 16: a record takes 24 bytes where 16 are left.");
        memory.data().set(JAVA_INT, 16, 8);
        assertThat(ring.data().get(JAVA_LONG, ring.next())).as("once it is put right").isEqualTo(2);
    }

    @Test
    void refusesADiscardedOneLikewise() {
        kernel.discard(kernel.reserve(8));
        memory.data().set(JAVA_INT, 0, 0x7fff_ffff);
        assertDamaged(
                "The ring of 256 bytes is damaged at 0: a record takes 1073741832 bytes where 16 are left.");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -8, SIZE + 1, SIZE + 8, Long.MIN_VALUE, Long.MAX_VALUE})
    void refusesAProducerThatIsBehindOrTooFarAhead(long ahead) {
        memory.producerPosition().set(JAVA_LONG, 0, ahead);
        assertDamaged(
                "The ring of 256 bytes is damaged at 0: its producer is "
                        + ahead
                        + " bytes ahead of its consumer.");
    }

    @Test
    void refusesAProducerBetweenTwoRecords() {
        submit(1, 8);
        memory.producerPosition().set(JAVA_LONG, 0, 20);
        assertThat(ring.next()).isEqualTo(8);
        assertDamaged(
                "The ring of 256 bytes is damaged at 16: a record takes 8 bytes where 4 are left.");
    }

    @Test
    void cannotGoOnWhereNoRecordCanBegin() {
        memory.consumerPosition().set(JAVA_LONG, 0, 12);
        assertThatIllegalStateException()
                .isThrownBy(() -> new RingConsumer(memory))
                .withMessage("The ring is damaged: no record can begin at 12.");
    }

    /// As often as it is asked.
    private void assertDamaged(String message) {
        for (int i = 0; i < 3; i++) {
            assertThatIllegalStateException().isThrownBy(ring::next).withMessage(message);
        }
        assertThat(ring.length()).isZero();
    }

    @Test
    void isOfNoUseOnceItsMemoryIsClosed() {
        RingConsumer closed;
        try (Arena arena = Arena.ofShared()) {
            closed = new RingConsumer(RingMemory.allocate(SIZE, arena));
        }
        assertThatIllegalStateException().isThrownBy(closed::next);
        assertThatIllegalStateException().isThrownBy(closed::pending);
    }

    @Test
    void rejectsASizeThatIsNoPowerOfTwo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RingMemory.allocate(24, Arena.ofAuto()))
                .withMessageContaining("power of two");
    }

    @Test
    void agreesWithAQueueWhateverHappens() {
        Seed.rounds(200, this::compareWithQueue);
    }

    /// One record as the model remembers it.
    private record Sent(long place, int length, byte fill) {}

    private void compareWithQueue(RandomGenerator random) {
        RingMemory memory = RingMemory.allocate(1 << random.nextInt(5, 9), Arena.ofAuto());
        KernelHalf kernel = new KernelHalf(memory);
        RingConsumer ring = new RingConsumer(memory);
        Deque<Sent> waiting = new ArrayDeque<>();
        Sent busy = null;
        for (int step = 0; step < 2_000; step++) {
            int choice = random.nextInt(10);
            if (choice < 4) {
                int length = random.nextInt(memory.size());
                long record = busy == null ? kernel.reserve(length) : -1;
                if (record >= 0) {
                    busy = new Sent(record, length, (byte) random.nextInt());
                    memory.data().asSlice(record, length).fill(busy.fill());
                }
            } else if (choice < 6 && busy != null) {
                if (random.nextInt(4) == 0) {
                    kernel.discard(busy.place());
                } else {
                    kernel.submit(busy.place());
                    waiting.add(busy);
                }
                busy = null;
            } else {
                takeOne(ring, waiting);
            }
        }
    }

    private static void takeOne(RingConsumer ring, Deque<Sent> waiting) {
        long record = ring.next();
        Sent expected = waiting.poll();
        if (expected == null) {
            assertThat(record).isEqualTo(RingConsumer.NONE);
            return;
        }
        assertThat(record).isEqualTo(expected.place());
        assertThat(ring.length()).isEqualTo(expected.length());
        for (int i = 0; i < ring.length(); i++) {
            assertThat(ring.data().get(JAVA_BYTE, record + i)).isEqualTo(expected.fill());
        }
    }

    private void submit(long value, int length) {
        long record = kernel.reserve(length);
        memory.data().set(JAVA_LONG, record, value);
        kernel.submit(record);
    }
}
