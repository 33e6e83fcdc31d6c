// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/// Each ring between two threads: ours, and one that plays the kernel. A small ring wraps and fills
/// all the time; each word of a record is derived from its number, so that a record seen too early
/// or written over shows.
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class RingRaceTest {
    private static final int SIZE = 512;
    private static final long RECORDS = 500_000;

    /// Plays the kernel. It is not waited for when a test fails: it ends with the ring's memory.
    private final ExecutorService kernelThread = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        kernelThread.shutdownNow();
    }

    @Test
    void theConsumerSeesEveryRecordWholeAndInOrder() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            RingMemory memory = RingMemory.allocate(SIZE, arena);
            Future<?> producer =
                    kernelThread.submit(() -> produce(new KernelHalf(memory), memory.data()));
            RingConsumer ring = new RingConsumer(memory);
            long number = 0;
            while (number < RECORDS) {
                long record = ring.next();
                if (record == RingConsumer.NONE) {
                    Thread.yield();
                    continue;
                }
                number = followingKept(number);
                check(ring.data(), record, ring.length(), number);
                number++;
            }
            producer.get();
        }
    }

    @Test
    void theProducersRecordsArriveWholeAndInOrder() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            RingMemory memory = RingMemory.allocate(SIZE, arena);
            Future<?> drain =
                    kernelThread.submit(() -> drain(new KernelHalf(memory), memory.data()));
            UserRingProducer ring = new UserRingProducer(memory);
            RandomGenerator lengths = new SplittableRandom(1);
            for (long number = 0; number < RECORDS; number++) {
                int length = words(lengths) * Long.BYTES;
                long record = ring.reserve(length);
                while (record == UserRingProducer.FULL) {
                    Thread.yield();
                    record = ring.reserve(length);
                }
                write(ring.data(), record, length, number);
                if (isDiscarded(number)) {
                    ring.discard(record);
                } else {
                    ring.commit(record);
                }
            }
            drain.get();
        }
    }

    private static void produce(KernelHalf kernel, MemorySegment data) {
        RandomGenerator lengths = new SplittableRandom(1);
        for (long number = 0; number < RECORDS; number++) {
            int length = words(lengths) * Long.BYTES;
            long record = kernel.reserve(length);
            while (record < 0) {
                Thread.yield();
                record = kernel.reserve(length);
            }
            write(data, record, length, number);
            if (isDiscarded(number)) {
                kernel.discard(record);
            } else {
                kernel.submit(record);
            }
        }
    }

    private static void drain(KernelHalf kernel, MemorySegment data) {
        long number = 0;
        while (number < RECORDS) {
            long record = kernel.peek();
            if (record < 0) {
                Thread.yield();
                continue;
            }
            number = followingKept(number);
            check(data, record, kernel.length(), number);
            kernel.release();
            number++;
        }
    }

    private static int words(RandomGenerator lengths) {
        return lengths.nextInt(1, 12);
    }

    /// The last record is kept, so that both sides know the end.
    private static boolean isDiscarded(long number) {
        return number % 7 == 3 && number != RECORDS - 1;
    }

    private static long followingKept(long number) {
        return isDiscarded(number) ? number + 1 : number;
    }

    private static void write(MemorySegment data, long record, int length, long number) {
        for (long at = 0; at < length; at += Long.BYTES) {
            data.set(JAVA_LONG, record + at, number * 31 + at);
        }
    }

    private static void check(MemorySegment data, long record, int length, long number) {
        for (long at = 0; at < length; at += Long.BYTES) {
            long found = data.get(JAVA_LONG, record + at);
            if (found != number * 31 + at) {
                assertThat(found)
                        .as("word %d of record %d", at / 8, number)
                        .isEqualTo(number * 31 + at);
            }
        }
    }
}
