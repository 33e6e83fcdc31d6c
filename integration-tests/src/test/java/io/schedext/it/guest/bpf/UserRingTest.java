// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.UserRingProducer;
import io.schedext.it.guest.bpf.RingProgram.Drain;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// UserRingProducer against the kernel's own drain, which checks every word of what it gets.
class UserRingTest {
    private static final int SIZE = 4096;
    private static final int DISCARD = 7;

    @Test
    void everyRecordArrivesWholeAndInOrderOverManyWraps(TestReporter reporter) throws Exception {
        produceWhileTheKernelDrains(10_000, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void everyRecordArrivesWholeAndInOrderOverAMillionWraps(TestReporter reporter)
            throws Exception {
        produceWhileTheKernelDrains(1_000_000, reporter);
    }

    private static void produceWhileTheKernelDrains(long wraps, TestReporter reporter)
            throws Exception {
        try (RingProgram program = RingProgram.load(SIZE);
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            UserRingProducer ring = program.producer();
            Drain drain = program.drain(DISCARD);
            AtomicBoolean done = new AtomicBoolean();
            long start = System.nanoTime();
            Future<Integer> draining = other.submit(() -> drainUntil(done, drain));
            long bytes = 0;
            long kept = 0;
            long checksum = 0;
            long full = 0;
            long number = 0;
            for (; bytes < wraps * SIZE && !draining.isDone(); number++) {
                int words = RingProgram.words(number);
                long record = ring.reserve(words * 8);
                while (record == UserRingProducer.FULL && !draining.isDone()) {
                    full++;
                    RingProgram.rest();
                    record = ring.reserve(words * 8);
                }
                bytes += RingProgram.span(words);
                long sum = fill(ring.data(), record, number, words);
                if (RingProgram.isDiscarded(number, DISCARD)) {
                    ring.discard(record);
                } else {
                    ring.commit(record);
                    kept++;
                    checksum += sum;
                }
            }
            done.set(true);
            assertThat(draining.get()).as("the errno of the drain").isZero();
            assertThat(ring.pending()).isZero();
            assertThat(drain.wrong()).isZero();
            assertThat(drain.records()).isEqualTo(kept);
            assertThat(drain.checksum()).isEqualTo(checksum);
            RingProgram.publish(reporter, number, bytes / SIZE, full, start);
        }
    }

    @Test
    void aFullRingSaysSoAndGoesOnAfterwards() {
        try (RingProgram program = RingProgram.load(SIZE)) {
            UserRingProducer ring = program.producer();
            Drain drain = program.drain(0);
            long number = 0;
            for (int round = 0; round < 3; round++) {
                int fit = 0;
                for (long record = ring.reserve(24);
                        record != UserRingProducer.FULL;
                        record = ring.reserve(24)) {
                    fill(ring.data(), record, number++, 3);
                    ring.commit(record);
                    fit++;
                }
                assertThat(fit).isEqualTo(SIZE / 32);
                assertThat(ring.pending()).isEqualTo(SIZE);
                assertThat(drain.run()).isEqualTo(fit);
                assertThat(ring.pending()).isZero();
            }
            assertThat(drain.records()).isEqualTo(number);
            assertThat(drain.wrong()).isZero();
        }
    }

    @Test
    void aRecordThatIsNotCommittedHoldsUpThoseBehindIt() {
        try (RingProgram program = RingProgram.load(SIZE)) {
            UserRingProducer ring = program.producer();
            Drain drain = program.drain(0);
            long first = ring.reserve(24);
            long second = ring.reserve(16);
            fill(ring.data(), second, 1, 2);
            ring.commit(second);
            assertThat(drain.run()).isZero();
            fill(ring.data(), first, 0, 3);
            ring.commit(first);
            assertThat(drain.run()).isEqualTo(2);
            assertThat(drain.wrong()).isZero();
            assertThat(drain.number()).isEqualTo(2);
        }
    }

    @Test
    void discardedRecordsAreSkippedAndFreed() {
        try (RingProgram program = RingProgram.load(SIZE)) {
            UserRingProducer ring = program.producer();
            Drain drain = program.drain(0);
            for (int round = 0; round < 1_000; round++) {
                ring.discard(ring.reserve(500));
                ring.discard(ring.reserve(0));
                assertThat(drain.run()).isZero();
                assertThat(ring.pending()).isZero();
            }
            assertThat(drain.records()).isZero();
            assertThat(drain.wrong()).isZero();
        }
    }

    @Test
    void theKernelTakesARecordAsLargeAsTheRing() {
        try (RingProgram program = RingProgram.load(SIZE)) {
            UserRingProducer ring = program.producer();
            Drain drain = program.drain(0);
            for (int round = 1; round <= 3; round++) {
                long record = ring.reserve(SIZE - RingProgram.RECORD_HEADER_BYTES);
                fill(ring.data(), record, 0, 64);
                ring.commit(record);
                assertThat(drain.run()).isEqualTo(1);
                // The test's program has no room for it, and says so.
                assertThat(drain.wrong()).isEqualTo(round);
                assertThat(ring.pending()).isZero();
            }
        }
    }

    /// Drains until told that no more comes, and then once more.
    ///
    /// @return 0, or the first negative errno
    private static int drainUntil(AtomicBoolean done, Drain drain) {
        boolean last;
        do {
            last = done.get();
            int result = drain.run();
            if (result < 0) {
                return result;
            }
            if (result == 0) {
                RingProgram.rest();
            }
        } while (!last);
        return 0;
    }

    /// Writes a record.
    ///
    /// @return the sum of its words
    private static long fill(MemorySegment data, long record, long number, int words) {
        data.set(JAVA_LONG, record, number);
        data.set(JAVA_LONG, record + 8, words);
        long sum = number + words;
        for (int i = RingProgram.HEADER_WORDS; i < words; i++) {
            long word = RingProgram.word(number, 0, i);
            data.set(JAVA_LONG, record + i * 8L, word);
            sum += word;
        }
        return sum;
    }
}
