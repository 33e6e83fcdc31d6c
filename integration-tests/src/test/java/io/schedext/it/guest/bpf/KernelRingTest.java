// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.bpf;

import static io.schedext.it.guest.bpf.RingProgram.span;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.schedext.bpf.BpfProgram;
import io.schedext.bpf.RingConsumer;
import io.schedext.it.guest.bpf.RingProgram.Production;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// RingConsumer against the kernel's own producers.
class KernelRingTest {
    private static final int SIZE = 4096;
    private static final int DISCARD = 7;
    private static final int ALL_LENGTHS = 0;

    @Test
    void everyRecordArrivesWholeAndInOrderOverManyWraps(TestReporter reporter) throws Exception {
        consumeWhileTheKernelProduces(10_000, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void everyRecordArrivesWholeAndInOrderOverAMillionWraps(TestReporter reporter)
            throws Exception {
        consumeWhileTheKernelProduces(1_000_000, reporter);
    }

    /// The producer runs in the kernel on one CPU while we consume on another; every seventh record
    /// is discarded.
    private static void consumeWhileTheKernelProduces(long wraps, TestReporter reporter)
            throws Exception {
        try (RingProgram program = RingProgram.load(SIZE);
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            RingConsumer ring = program.consumer();
            // The last record is not discarded, so that we know when all have come.
            long records = wraps * SIZE / averageSpan() / DISCARD * DISCARD + DISCARD + 1;
            Production production = program.production("produce", 0, DISCARD, ALL_LENGTHS);
            long start = System.nanoTime();
            Future<?> producing = other.submit(() -> produce(production, records));
            long bytes = 0;
            long next = 0;
            while (next < records) {
                long record = ring.next();
                if (record == RingConsumer.NONE) {
                    boolean nothingComes = producing.isDone() && ring.pending() == 0;
                    assertThat(nothingComes).as("records end at %d of %d", next, records).isFalse();
                    RingProgram.rest();
                    continue;
                }
                if (RingProgram.isDiscarded(next, DISCARD)) {
                    bytes += span(RingProgram.words(next));
                    next++;
                }
                check(ring, record, next, 0, RingProgram.words(next));
                bytes += span(RingProgram.words(next));
                next++;
            }
            producing.get();
            assertThat(ring.next()).isEqualTo(RingConsumer.NONE);
            assertThat(ring.pending()).isZero();
            assertThat(production.number()).isEqualTo(records);
            assertThat(bytes / SIZE).isGreaterThanOrEqualTo(wraps);
            RingProgram.publish(reporter, records, bytes / SIZE, production.full(), start);
        }
    }

    @Test
    void aFullRingRefusesAndGoesOnAfterwards() {
        try (RingProgram program = RingProgram.load(SIZE)) {
            RingConsumer ring = program.consumer();
            Production production = program.production("produce", 0, 0, 9);
            int fit = production.run(1_000);
            assertThat(production.full()).isEqualTo(1);
            // The kernel never fills the very last byte.
            assertThat(fit).isEqualTo((SIZE - 1) / (int) span(9));
            assertThat(ring.pending()).isEqualTo(fit * span(9));
            assertThat(production.run(1)).isZero();

            long first = ring.next();
            assertThat(production.run(1)).as("the current record is still ours").isZero();
            check(ring, first, 0, 0, 9);
            ring.release();
            assertThat(production.run(1_000)).as("one place is free again").isEqualTo(1);
            for (long number = 1; number <= fit; number++) {
                check(ring, ring.next(), number, 0, 9);
            }
            assertThat(ring.next()).isEqualTo(RingConsumer.NONE);
        }
    }

    @Test
    void discardedRecordsAreNeverSeen() {
        try (RingProgram program = RingProgram.load(SIZE)) {
            RingConsumer ring = program.consumer();
            Production production = program.production("produce", 0, 1, ALL_LENGTHS);
            for (int round = 0; round < 100; round++) {
                assertThat(production.run(10)).isEqualTo(10);
                assertThat(ring.next()).isEqualTo(RingConsumer.NONE);
                assertThat(ring.pending()).isZero();
            }
        }
    }

    @Test
    void aBusyRecordHoldsUpThoseBehindIt() throws Exception {
        try (RingProgram program = RingProgram.load(SIZE);
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            RingConsumer ring = program.consumer();
            Production hold = program.production("hold", 0, 0, 2);
            Production behind = program.production("produce", 0, 0, 2);
            behind.number(1);
            Future<Integer> told = other.submit(() -> hold.run(1));
            while (!program.isHolding() && !told.isDone()) {
                Thread.onSpinWait();
            }
            assertThat(behind.run(1)).isEqualTo(1);
            long early = ring.next();
            long pending = ring.pending();
            program.goOn();
            assertThat(told.get()).as("the record was busy all the time").isEqualTo(1);
            assertThat(early).isEqualTo(RingConsumer.NONE);
            assertThat(pending).isEqualTo(2 * span(2));
            check(ring, ring.next(), 0, 0, 2);
            check(ring, ring.next(), 1, 0, 2);
            assertThat(ring.next()).isEqualTo(RingConsumer.NONE);
        }
    }

    @Test
    void twoProducersThatRaceLoseNothing() throws Exception {
        long records = 50_000;
        try (RingProgram program = RingProgram.load(SIZE);
                ExecutorService others = Executors.newFixedThreadPool(2)) {
            RingConsumer ring = program.consumer();
            Production first = program.production("produce", 0, DISCARD, ALL_LENGTHS);
            Production second = program.production("produce", 1, 0, ALL_LENGTHS);
            Future<?> firstDone = others.submit(() -> produce(first, records));
            Future<?> secondDone = others.submit(() -> produce(second, records));
            long[] next = {0, 0};
            while (!(firstDone.isDone() && secondDone.isDone() && ring.pending() == 0)) {
                long record = ring.next();
                if (record != RingConsumer.NONE) {
                    int producer = (int) (ring.data().get(JAVA_LONG, record + Long.BYTES) >>> 32);
                    next[producer] = followingKept(next[producer], producer == 0 ? DISCARD : 0);
                    check(
                            ring,
                            record,
                            next[producer],
                            producer,
                            RingProgram.words(next[producer]));
                    next[producer]++;
                } else {
                    RingProgram.rest();
                }
            }
            firstDone.get();
            secondDone.get();
            assertThat(followingKept(next[0], DISCARD)).isGreaterThanOrEqualTo(records);
            assertThat(next[1]).isEqualTo(records);
        }
    }

    @Test
    void agreesWithTheKernelAboutWhatWaits() {
        try (RingProgram program = RingProgram.load(2 * SIZE)) {
            RingConsumer ring = program.consumer();
            BpfProgram.Runner query = program.query();
            MemorySegment answer = query.context();
            Production production = program.production("produce", 0, 0, ALL_LENGTHS);
            for (int round = 0; round < 200; round++) {
                production.run(round % 13);
                for (int i = 0; i < round % 7; i++) {
                    ring.next();
                }
                ring.release();
                assertThat(query.run()).isZero();
                assertThat(answer.get(JAVA_LONG, 0)).isEqualTo(ring.pending());
                assertThat(answer.get(JAVA_LONG, 8)).isEqualTo(ring.size()).isEqualTo(2 * SIZE);
                assertThat(answer.get(JAVA_LONG, 24) - answer.get(JAVA_LONG, 16))
                        .isEqualTo(ring.pending());
            }
        }
    }

    @Test
    void producingByAPreparedRunAndConsumingAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (RingProgram program = RingProgram.load(SIZE)) {
            RingConsumer ring = program.consumer();
            Production production = program.production("produce", 0, 0, 3);
            long fewest = Long.MAX_VALUE;
            for (int round = 0; round < 40 && fewest != 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1_000; i++) {
                    production.run(20);
                    while (ring.next() != RingConsumer.NONE) {
                        ring.data().get(JAVA_INT, 0);
                    }
                }
                fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(fewest).as("bytes allocated in the best round").isZero();
        }
    }

    /// Produces until that number, however often the ring is full.
    private static void produce(Production production, long records) {
        while (production.number() < records && !Thread.currentThread().isInterrupted()) {
            int produced = production.run((int) Math.min(records - production.number(), 10_000));
            assertThat(produced).as("records, or an errno").isNotNegative();
            if (produced == 0) {
                RingProgram.rest();
            }
        }
    }

    private static long followingKept(long number, int discard) {
        return RingProgram.isDiscarded(number, discard) ? number + 1 : number;
    }

    private static long averageSpan() {
        long sum = 0;
        for (int number = 0; number < 5; number++) {
            sum += span(RingProgram.words(number));
        }
        return sum / 5;
    }

    private static void check(
            RingConsumer ring, long record, long number, int producer, int words) {
        MemorySegment data = ring.data();
        boolean right =
                record >= 0
                        && ring.length() == words * 8
                        && data.get(JAVA_LONG, record) == number
                        && data.get(JAVA_LONG, record + 8) == (words | (long) producer << 32);
        for (int i = RingProgram.HEADER_WORDS; right && i < words; i++) {
            right = data.get(JAVA_LONG, record + i * 8L) == RingProgram.word(number, producer, i);
        }
        assertThat(right).as("record %d of producer %d, at %d", number, producer, record).isTrue();
    }
}
