// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/// Rings in which anything may stand: headers, positions and records that nobody has written in
/// good faith. In threads of their own, for a call that does not come back could not be
/// interrupted.
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class RingFuzzTest {
    private static final int ROUNDS = 20_000;
    private static final int STEPS = 20;

    private static final int BUSY = 1 << 31;
    private static final int DISCARD = 1 << 30;

    @Test
    void aConsumerGivesRecordsInsideTheRingOrSaysThatItIsDamaged() {
        Seed.fixed(ROUNDS, RingFuzzTest::consume);
    }

    private static void consume(RandomGenerator random) {
        RingMemory memory = randomRing(random);
        RingConsumer ring;
        try {
            ring = new RingConsumer(memory);
        } catch (IllegalStateException e) {
            assertThat(memory.consumerPosition().get(JAVA_LONG, 0) % 8).isNotZero();
            return;
        }
        for (int step = 0; step < STEPS; step++) {
            damage(random, memory, memory.producerPosition(), memory.consumerPosition());
            drain(random, memory, ring);
        }
    }

    /// All that is there. The positions stay where they are meanwhile, so no more records than the
    /// ring has room for.
    private static void drain(RandomGenerator random, RingMemory memory, RingConsumer ring) {
        int most = 2 * memory.size() / 8; // some were seen before the last damage
        for (int records = 0; ; records++) {
            assertThat(records).as("records in the ring").isLessThanOrEqualTo(most);
            long record;
            try {
                record = ring.next();
            } catch (IllegalStateException e) {
                assertThat(e)
                        .hasMessageStartingWith(
                                "The ring of " + memory.size() + " bytes is damaged");
                return;
            }
            if (record == RingConsumer.NONE) {
                assertThat(ring.length()).isZero();
                return;
            }
            assertThat(record % 8).as("where a record is, modulo 8").isZero();
            assertThat(record).as("where a record is").isBetween(8L, memory.size() + 0L);
            assertThat(ring.length()).as("length").isBetween(0, memory.size() - 8);
            if (random.nextInt(4) == 0) {
                ring.release();
            }
        }
    }

    /// One look at a ring that nobody has read yet, against what may be said of it.
    @Test
    void aConsumerTakesNothingButWhatWasWritten() {
        Seed.fixed(
                10 * ROUNDS,
                random -> {
                    RingMemory memory = randomRing(random);
                    memory.consumerPosition().set(JAVA_LONG, 0, 8 * random.nextLong(1L << 60));
                    memory.producerPosition()
                            .set(
                                    JAVA_LONG,
                                    0,
                                    near(random, memory.consumerPosition(), memory.size()));
                    String expected = firstOf(memory);
                    assertThat(look(new RingConsumer(memory))).isEqualTo(expected);
                });
    }

    private static String look(RingConsumer ring) {
        try {
            long record = ring.next();
            return record == RingConsumer.NONE ? "none" : ring.length() + " bytes at " + record;
        } catch (IllegalStateException e) {
            return "damaged";
        }
    }

    /// What the first record is, by the description of the format.
    private static String firstOf(RingMemory memory) {
        long at = memory.consumerPosition().get(JAVA_LONG, 0);
        long left = memory.producerPosition().get(JAVA_LONG, 0) - at;
        if (left < 0 || left > memory.size()) {
            return "damaged";
        }
        while (left > 0) {
            long place = Math.floorMod(at, (long) memory.size());
            int header = memory.data().get(JAVA_INT, place);
            int length = header & ~(BUSY | DISCARD);
            int span = 8 + length + (8 - length % 8) % 8;
            if ((header & BUSY) != 0) {
                return "none";
            }
            if (span > left) {
                return "damaged";
            }
            if ((header & DISCARD) == 0) {
                return length + " bytes at " + (place + 8);
            }
            at += span;
            left -= span;
        }
        return "none";
    }

    /// Whoever drains says that it has read anything: a record is in the ring all the same, and
    /// nothing is written but its header.
    @Test
    void aProducerWritesNothingButHeadersInsideTheRing() {
        Seed.fixed(ROUNDS, RingFuzzTest::produce);
    }

    private static void produce(RandomGenerator random) {
        RingMemory memory = randomRing(random);
        UserRingProducer ring;
        try {
            ring = new UserRingProducer(memory);
        } catch (IllegalStateException e) {
            assertThat(memory.producerPosition().get(JAVA_LONG, 0) % 8).isNotZero();
            return;
        }
        for (int step = 0; step < STEPS; step++) {
            damage(random, memory, memory.consumerPosition(), memory.producerPosition());
            int length = random.nextInt(16) == 0 ? random.nextInt() : length(random, memory);
            MemorySegment before = MemorySegment.ofArray(memory.data().toArray(JAVA_BYTE));
            long record = reserve(ring, length);
            if (record != UserRingProducer.FULL) {
                assertThat(length).as("taken").isBetween(0, memory.size() - 8);
                assertThat(record % 8).as("where a record is, modulo 8").isZero();
                assertThat(record).as("where a record is").isBetween(8L, memory.size() + 0L);
                assertThat(memory.data().get(JAVA_INT, record - 8)).isEqualTo(length | BUSY);
                MemorySegment.copy(memory.data(), record - 8, before, record - 8, 8);
            }
            assertThat(before.mismatch(memory.data()))
                    .as("what changed besides the header")
                    .isEqualTo(-1);
            handOver(random, ring, record);
        }
    }

    private static long reserve(UserRingProducer ring, int length) {
        try {
            return ring.reserve(length);
        } catch (IllegalArgumentException e) {
            assertThat(length).as("refused").matches(l -> l < 0 || l > ring.size() - 8);
            return UserRingProducer.FULL;
        }
    }

    private static void handOver(RandomGenerator random, UserRingProducer ring, long record) {
        switch (record == UserRingProducer.FULL ? 2 : random.nextInt(3)) {
            case 0 -> ring.commit(record);
            case 1 -> ring.discard(record);
            default -> {} // left as it is
        }
    }

    /// A ring of any size, with anything in it.
    private static RingMemory randomRing(RandomGenerator random) {
        RingMemory memory = RingMemory.allocate(1 << random.nextInt(3, 10), Arena.ofAuto());
        for (long at = 0; at < memory.data().byteSize(); at += 8) {
            memory.data().set(JAVA_INT, at, header(random, memory));
            memory.data().set(JAVA_INT, at + 4, random.nextInt());
        }
        memory.consumerPosition().set(JAVA_LONG, 0, position(random));
        memory.producerPosition()
                .set(JAVA_LONG, 0, near(random, memory.consumerPosition(), memory.size()));
        return memory;
    }

    /// Writes over something: a few headers, and often the position of the other side.
    private static void damage(
            RandomGenerator random, RingMemory memory, MemorySegment theirs, MemorySegment ours) {
        for (int i = random.nextInt(4); i > 0; i--) {
            long at = 8L * random.nextInt((int) (memory.data().byteSize() / 8));
            memory.data().set(JAVA_INT, at, header(random, memory));
        }
        if (random.nextInt(3) != 0) {
            theirs.set(JAVA_LONG, 0, near(random, ours, memory.size()));
        }
    }

    /// Mostly one that could be: anything else is noticed at once.
    private static int header(RandomGenerator random, RingMemory memory) {
        int flags = (random.nextInt(6) == 0 ? BUSY : 0) | (random.nextInt(3) == 0 ? DISCARD : 0);
        return random.nextInt(16) == 0 ? random.nextInt() : length(random, memory) | flags;
    }

    private static int length(RandomGenerator random, RingMemory memory) {
        int most = random.nextInt(4) != 0 ? 24 : memory.size() + 16;
        return random.nextInt(most);
    }

    private static long position(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextLong();
            default -> 8 * random.nextLong(1L << 60);
        };
    }

    /// Mostly a position that could be the other one's.
    private static long near(RandomGenerator random, MemorySegment position, int size) {
        long other = position.get(JAVA_LONG, 0);
        return switch (random.nextInt(8)) {
            case 0 -> position(random);
            case 1 -> other + random.nextInt(-size, size);
            case 2 -> other - 8 * random.nextInt(size);
            case 3 -> other + size;
            default -> other + 8 * random.nextInt(size / 8 + 2);
        };
    }
}
