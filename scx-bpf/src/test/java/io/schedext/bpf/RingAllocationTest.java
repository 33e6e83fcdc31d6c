// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/// Neither ring allocates: after some rounds in which the JVM still compiles, a round of many
/// records costs 0 bytes.
class RingAllocationTest {
    private static final int RECORDS = 200_000;
    private static final int ROUNDS = 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void aRecordThroughTheConsumerAllocatesNothing() {
        RingMemory memory = RingMemory.allocate(4096, Arena.ofAuto());
        KernelHalf kernel = new KernelHalf(memory);
        RingConsumer ring = new RingConsumer(memory);
        assertSomeRoundAllocatesNothing(() -> consume(kernel, ring));
    }

    @Test
    void aRecordThroughTheProducerAllocatesNothing() {
        RingMemory memory = RingMemory.allocate(4096, Arena.ofAuto());
        KernelHalf kernel = new KernelHalf(memory);
        UserRingProducer ring = new UserRingProducer(memory);
        assertSomeRoundAllocatesNothing(() -> produce(kernel, ring));
    }

    private static long consume(KernelHalf kernel, RingConsumer ring) {
        long sum = 0;
        for (int i = 0; i < RECORDS; i++) {
            kernel.submit(kernel.reserve(64));
            long record = ring.next();
            sum += ring.data().get(JAVA_LONG, record) + ring.length() + ring.pending();
        }
        return sum;
    }

    private static long produce(KernelHalf kernel, UserRingProducer ring) {
        long sum = 0;
        for (int i = 0; i < RECORDS; i++) {
            long record = ring.reserve(64);
            ring.data().set(JAVA_LONG, record, i);
            ring.commit(record);
            sum += ring.pending() + kernel.peek();
            kernel.release();
        }
        return sum;
    }

    private interface Round {
        long run();
    }

    private void assertSomeRoundAllocatesNothing(Round round) {
        long fewest = Long.MAX_VALUE;
        long sum = 0;
        for (int i = 0; i < ROUNDS && fewest != 0; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            sum += round.run();
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(sum).isNotZero();
        assertThat(fewest).as("bytes allocated in the best round").isZero();
    }
}
