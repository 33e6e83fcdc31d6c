// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.RingConsumer;
import io.schedext.bpf.RingMemory;
import io.schedext.bpf.UserRingProducer;
import io.schedext.core.fake.Allocation;
import io.schedext.core.internal.CStruct;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class QueuedTaskTest {

    private static final Map<String, ToLongFunction<QueuedTask>> NUMBERS = new LinkedHashMap<>();

    static {
        NUMBERS.put("pid", QueuedTask::pid);
        NUMBERS.put("tgid", QueuedTask::tgid);
        NUMBERS.put("cpu", QueuedTask::cpu);
        NUMBERS.put("nr_cpus_allowed", QueuedTask::nrCpusAllowed);
        NUMBERS.put("flags", QueuedTask::flags);
        NUMBERS.put("start_ts", QueuedTask::startTs);
        NUMBERS.put("stop_ts", QueuedTask::stopTs);
        NUMBERS.put("exec_runtime", QueuedTask::execRuntime);
        NUMBERS.put("weight", QueuedTask::weight);
        NUMBERS.put("vtime", QueuedTask::vtime);
        NUMBERS.put("generation", QueuedTask::generation);
    }

    private final CStruct record = CStruct.of("queued_task");
    private final MemorySegment memory = record.allocate(3);
    private final QueuedTask task = new QueuedTask(memory);

    /// A value of its own for each member, with bits in its upper half.
    private long valueOf(String member, long base) {
        int salt = member.hashCode() ^ Long.hashCode(base);
        long value = 0x9e37_79b9_7f4a_7c15L * salt;
        return record.member(member).size() == Integer.BYTES ? (int) value : value;
    }

    private void fill(long base) {
        for (String member : NUMBERS.keySet()) {
            record.set(memory, base, member, valueOf(member, base));
        }
        comm(base, "kworker/0:1".getBytes(StandardCharsets.UTF_8));
    }

    private void comm(long base, byte[] bytes) {
        MemorySegment.copy(
                bytes,
                0,
                memory,
                ValueLayout.JAVA_BYTE,
                base + record.member("comm").offset(),
                bytes.length);
    }

    private void assertFilled(QueuedTask actual, long base) {
        NUMBERS.forEach((member, accessor) ->
                assertThat(accessor.applyAsLong(actual))
                        .as(member)
                        .isEqualTo(valueOf(member, base)));
        assertThat(actual.comm()).isEqualTo("kworker/0:1");
    }

    @Test
    void readsEveryFieldOfTheRecord() {
        assertThat(NUMBERS).hasSize(record.members().size() - 1); // all but comm
        fill(0);
        assertFilled(task.at(0), 0);
    }

    @Test
    void movesOverRecords() {
        long second = record.size();
        fill(0);
        fill(second);
        assertFilled(task.at(second), second);
        assertFilled(task.at(0), 0);
    }

    @Test
    void aCopyOutlivesTheRecord() {
        fill(record.size());
        QueuedTask copy = task.at(record.size()).copy();
        memory.fill((byte) 0xff);

        assertFilled(copy, record.size());
        assertThat(task.pid()).isEqualTo(-1);
    }

    @Test
    void copiesIntoAnotherRecordOnly() {
        fill(0);
        new QueuedTask(memory).at(record.size()).copyFrom(task.at(0));

        assertFilled(new QueuedTask(memory).at(record.size()), 0);
        for (long i = 2 * record.size(); i < memory.byteSize(); i++) {
            assertThat(memory.get(ValueLayout.JAVA_BYTE, i)).isZero();
        }
    }

    @Test
    void aTaskOfItsOwnIsAllZero() {
        QueuedTask empty = new QueuedTask();
        NUMBERS.forEach(
                (member, accessor) -> assertThat(accessor.applyAsLong(empty)).as(member).isZero());
        assertThat(empty.comm()).isEmpty();
    }

    @Test
    void aNameEndsAtItsFirstZero() {
        comm(0, new byte[] {'s', 'h', 0, 'x', 'x'});
        assertThat(task.comm()).isEqualTo("sh");
    }

    @Test
    void aNameWithoutAZeroEndsWithTheField() {
        byte[] full = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        comm(0, full);
        record.set(memory, record.size(), "pid", 0x4141_4141);
        assertThat(task.comm()).isEqualTo("0123456789abcdef");
    }

    @Test
    void aNameMayBeUnicodeAndMalformed() {
        comm(0, "größe".getBytes(StandardCharsets.UTF_8));
        assertThat(task.comm()).isEqualTo("größe");
        // The kernel cuts names at 15 bytes, in the middle of a character if need be.
        comm(0, new byte[] {'g', 'r', (byte) 0xc3, 0});
        assertThat(task.comm()).isEqualTo("gr\ufffd");
    }

    @Test
    void aNameIsCopiedAsItIs() {
        byte[] malformed = {'g', 'r', (byte) 0xc3, 0, 'x'};
        comm(record.size(), malformed);
        task.at(record.size());
        byte[] name = new byte[20];
        Arrays.fill(name, (byte) -1);
        assertThat(task.copyComm(name)).isEqualTo(3);
        assertThat(name).startsWith('g', 'r', 0xc3).endsWith(new byte[] {-1, -1, -1});
        assertThat(name[3]).as("nothing after the name is touched").isEqualTo((byte) -1);
    }

    @Test
    void aNameIsCopiedAsFarAsItFits() {
        comm(0, "0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
        byte[] start = new byte[4];
        assertThat(task.copyComm(start)).isEqualTo(4);
        assertThat(start).containsExactly('0', '1', '2', '3');
        byte[] more = new byte[QueuedTask.COMM_BYTES + 8];
        assertThat(task.copyComm(more)).isEqualTo(QueuedTask.COMM_BYTES).isEqualTo(16);
        assertThat(task.copyComm(new byte[0])).isZero();
    }

    @Test
    void copyingANameAllocatesNothing() {
        comm(0, "kworker/0:1".getBytes(StandardCharsets.UTF_8));
        byte[] name = new byte[QueuedTask.COMM_BYTES];
        assertThat(
                        Allocation.ofBestRound(() -> {
                            for (int i = 0; i < 100_000; i++) {
                                task.copyComm(name);
                            }
                        }))
                .isZero();
    }

    /// Whatever the bytes are, each number is what stands there, and the rest answers.
    @RepeatedTest(value = 20, name = "seed {currentRepetition}")
    void anyBytesAreATask(RepetitionInfo seed) {
        var random = new SplittableRandom(seed.getCurrentRepetition());
        RingMemory ring = RingMemory.allocate(1024, Arena.ofAuto());
        UserRingProducer kernel = new UserRingProducer(ring);
        RingConsumer loop = new RingConsumer(ring);
        QueuedTask view = new QueuedTask(loop.data());
        QueuedTask kept = new QueuedTask();
        byte[] bytes = new byte[(int) record.size()];
        for (int i = 0; i < 1_000; i++) {
            random.nextBytes(bytes);
            // names end anywhere
            bytes[random.nextInt(bytes.length)] = 0;
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
            long place = kernel.reserve(bytes.length);
            MemorySegment.copy(memory, 0, ring.data(), place, bytes.length);
            kernel.commit(place);

            view.at(loop.next());
            assertIsWhatIsInMemory(view);
            assertIsWhatIsInMemory(view.copy());
            assertIsWhatIsInMemory(kept.copyFrom(view));
        }
    }

    private void assertIsWhatIsInMemory(QueuedTask actual) {
        NUMBERS.forEach((member, accessor) ->
                assertThat(accessor.applyAsLong(actual))
                        .as(member)
                        .isEqualTo(record.get(memory, 0, member)));
        assertThat(actual.comm())
                .isEqualTo(task.comm())
                .hasSizeLessThanOrEqualTo(16)
                .doesNotContain("\0");
        assertThat(actual.toString()).contains("pid=" + actual.pid() + ", comm=" + actual.comm());
    }

    /// A record that is too short for a task reaches into what follows, but never out of the ring.
    @RepeatedTest(value = 20, name = "seed {currentRepetition}")
    void aTaskIsReadFromADamagedRingToo(RepetitionInfo seed) {
        var random = new SplittableRandom(seed.getCurrentRepetition());
        for (int round = 0; round < 500; round++) {
            RingMemory ring = RingMemory.allocate(1 << random.nextInt(7, 11), Arena.ofAuto());
            for (long at = 0; at < ring.data().byteSize(); at += 8) {
                ring.data().set(ValueLayout.JAVA_LONG, at, random.nextLong());
                ring.data().set(ValueLayout.JAVA_INT, at, random.nextInt(100));
            }
            long start = 8L * random.nextInt(1_000);
            ring.consumerPosition().set(ValueLayout.JAVA_LONG, 0, start);
            ring.producerPosition().set(ValueLayout.JAVA_LONG, 0, start + ring.size());
            RingConsumer loop = new RingConsumer(ring);
            QueuedTask view = new QueuedTask(loop.data());
            for (long at = next(loop); at != RingConsumer.NONE; at = next(loop)) {
                view.at(at);
                NUMBERS.values().forEach(accessor -> accessor.applyAsLong(view));
                assertThat(view.copy()).hasToString(view.toString());
            }
        }
    }

    private static long next(RingConsumer loop) {
        try {
            return loop.next();
        } catch (IllegalStateException e) {
            return RingConsumer.NONE; // the last record is cut off
        }
    }

    @Test
    void tellsPeopleWhoItIs() {
        record.set(memory, 0, "pid", 42);
        record.set(memory, 0, "weight", 100);
        comm(0, "stress".getBytes(StandardCharsets.US_ASCII));
        assertThat(task)
                .hasToString(
                        "QueuedTask[pid=42, comm=stress, cpu=0, weight=100, vtime=0, generation=0]");
    }
}
