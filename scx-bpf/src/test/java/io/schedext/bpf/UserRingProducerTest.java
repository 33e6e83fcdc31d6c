// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class UserRingProducerTest {
    private static final int SIZE = 256;

    private final RingMemory memory = RingMemory.allocate(SIZE, Arena.ofAuto());
    private final KernelHalf kernel = new KernelHalf(memory);
    private final UserRingProducer ring = new UserRingProducer(memory);

    @Test
    void handsARecordOver() {
        long record = ring.reserve(8);
        ring.data().set(JAVA_LONG, record, 42);
        ring.commit(record);
        assertThat(kernel.peek()).isEqualTo(record);
        assertThat(kernel.length()).isEqualTo(8);
        assertThat(memory.data().get(JAVA_LONG, record)).isEqualTo(42);
    }

    @Test
    void showsNothingBeforeTheCommit() {
        long first = ring.reserve(8);
        ring.commit(ring.reserve(8));
        assertThat(kernel.peek()).isEqualTo(KernelHalf.NO_DATA);
        ring.commit(first);
        assertThat(kernel.peek()).isEqualTo(first);
    }

    @Test
    void commitsInAnyOrderButKeepsTheOrderOfReservation() {
        long first = ring.reserve(8);
        long second = ring.reserve(16);
        ring.commit(second);
        ring.commit(first);
        assertThat(kernel.peek()).isEqualTo(first);
        kernel.release();
        assertThat(kernel.peek()).isEqualTo(second);
    }

    @Test
    void aDiscardedRecordIsSkipped() {
        ring.discard(ring.reserve(8));
        long record = ring.reserve(8);
        ring.commit(record);
        assertThat(kernel.peek()).isEqualTo(KernelHalf.SKIPPED);
        assertThat(kernel.peek()).isEqualTo(record);
    }

    @Test
    void fillsTheRingToTheLastByteAndSaysSo() {
        for (int i = 0; i < SIZE / 32; i++) {
            ring.commit(ring.reserve(24));
        }
        assertThat(ring.pending()).isEqualTo(SIZE);
        assertThat(ring.reserve(0)).isEqualTo(UserRingProducer.FULL);
        assertThat(ring.pending()).isEqualTo(SIZE);
        kernel.peek();
        kernel.release();
        assertThat(ring.reserve(25)).isEqualTo(UserRingProducer.FULL);
        assertThat(ring.reserve(24)).isEqualTo(8);
    }

    @Test
    void takesARecordAsLargeAsTheRing() {
        long record = ring.reserve(SIZE - 8);
        ring.commit(record);
        assertThat(kernel.peek()).isEqualTo(record);
        assertThat(kernel.length()).isEqualTo(SIZE - 8);
    }

    @Test
    void rejectsARecordThatCanNeverFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ring.reserve(SIZE - 7))
                .withMessage("no such record fits this ring: bytes=249, ring=256");
        assertThatIllegalArgumentException().isThrownBy(() -> ring.reserve(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> ring.reserve(Integer.MAX_VALUE));
    }

    @Test
    void rejectsASecondCommit() {
        long record = ring.reserve(8);
        ring.commit(record);
        assertThatIllegalStateException()
                .isThrownBy(() -> ring.commit(record))
                .withMessage("no record is reserved at " + record);
        assertThatIllegalStateException().isThrownBy(() -> ring.discard(record));
    }

    @Test
    void goesOnWhereAnEarlierProducerStopped() {
        ring.commit(ring.reserve(8));
        UserRingProducer second = new UserRingProducer(memory);
        assertThat(second.reserve(8)).isEqualTo(24);
    }

    @Test
    void cannotGoOnWhereNoRecordCanBegin() {
        memory.producerPosition().set(JAVA_LONG, 0, 252);
        assertThatIllegalStateException()
                .isThrownBy(() -> new UserRingProducer(memory))
                .withMessage("The ring is damaged: no record can begin at 252.");
    }

    @Test
    void isOfNoUseOnceItsMemoryIsClosed() {
        UserRingProducer closed;
        try (Arena arena = Arena.ofShared()) {
            closed = new UserRingProducer(RingMemory.allocate(SIZE, arena));
        }
        assertThatIllegalStateException().isThrownBy(() -> closed.reserve(8));
        assertThatIllegalStateException().isThrownBy(() -> closed.commit(8));
    }

    @Test
    void agreesWithAListWhateverHappens() {
        Seed.rounds(200, UserRingProducerTest::compareWithList);
    }

    /// One record as the model remembers it.
    private static final class Sent {
        private final long place;
        private final int length;
        private final byte fill;
        private boolean done;
        private boolean discarded;

        Sent(long place, int length, byte fill) {
            this.place = place;
            this.length = length;
            this.fill = fill;
        }
    }

    private static void compareWithList(RandomGenerator random) {
        RingMemory memory = RingMemory.allocate(1 << random.nextInt(5, 10), Arena.ofAuto());
        KernelHalf kernel = new KernelHalf(memory);
        UserRingProducer ring = new UserRingProducer(memory);
        List<Sent> waiting = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            int choice = random.nextInt(10);
            if (choice < 4) {
                reserve(random, memory, ring, waiting);
            } else if (choice < 7) {
                handOver(random, ring, waiting);
            } else {
                drainOne(memory, kernel, waiting);
            }
            long used = waiting.stream().mapToLong(sent -> (sent.length + 15L) / 8 * 8).sum();
            assertThat(ring.pending()).isEqualTo(used);
        }
    }

    private static void reserve(
            RandomGenerator random, RingMemory memory, UserRingProducer ring, List<Sent> waiting) {
        int length = random.nextInt(memory.size() - 7);
        long used = waiting.stream().mapToLong(sent -> (sent.length + 15L) / 8 * 8).sum();
        boolean fits = used + (length + 15L) / 8 * 8 <= memory.size();
        long record = ring.reserve(length);
        assertThat(record != UserRingProducer.FULL).isEqualTo(fits);
        if (fits) {
            Sent sent = new Sent(record, length, (byte) random.nextInt());
            memory.data().asSlice(record, length).fill(sent.fill);
            waiting.add(sent);
        }
    }

    private static void handOver(
            RandomGenerator random, UserRingProducer ring, List<Sent> waiting) {
        List<Sent> open = waiting.stream().filter(sent -> !sent.done).toList();
        if (!open.isEmpty()) {
            Sent sent = open.get(random.nextInt(open.size()));
            sent.done = true;
            sent.discarded = random.nextInt(4) == 0;
            if (sent.discarded) {
                ring.discard(sent.place);
            } else {
                ring.commit(sent.place);
            }
        }
    }

    private static void drainOne(RingMemory memory, KernelHalf kernel, List<Sent> waiting) {
        long record = kernel.peek();
        if (waiting.isEmpty() || !waiting.getFirst().done) {
            assertThat(record).isEqualTo(KernelHalf.NO_DATA);
            return;
        }
        Sent expected = waiting.removeFirst();
        if (expected.discarded) {
            assertThat(record).isEqualTo(KernelHalf.SKIPPED);
            return;
        }
        assertThat(record).isEqualTo(expected.place);
        assertThat(kernel.length()).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(memory.data().get(JAVA_BYTE, record + i)).isEqualTo(expected.fill);
        }
        kernel.release();
    }
}
