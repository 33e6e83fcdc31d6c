// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.schedext.bpf.BpfObject;
import io.schedext.bpf.BpfProgram;
import io.schedext.bpf.OpenBpfObject;
import io.schedext.bpf.RingConsumer;
import io.schedext.bpf.UserRingProducer;
import io.schedext.it.guest.support.TestObject;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.TestReporter;

/// The kernel's side of the ring tests, `ring.bpf.c`: its programs and their contexts by name, its
/// rings, and what its records are like.
final class RingProgram implements AutoCloseable {
    static final int HEADER_WORDS = 2;
    static final int RECORD_HEADER_BYTES = 8;

    private final BpfObject object;
    private final MemorySegment busy;

    private RingProgram(BpfObject object) {
        this.object = object;
        this.busy = object.map(".data.busy").memory();
    }

    /// @param size of both rings, in bytes
    static RingProgram load(int size) {
        try (OpenBpfObject open =
                Library.SYSTEM.load().open("ring.bpf.o", TestObject.elf("ring"))) {
            open.maxEntries("records", size);
            open.maxEntries("answers", size);
            return new RingProgram(open.load());
        }
    }

    /// Our end of the ring that the kernel produces into.
    RingConsumer consumer() {
        return RingConsumer.of(object.map("records"));
    }

    /// Our end of the ring that the kernel drains.
    UserRingProducer producer() {
        return UserRingProducer.of(object.map("answers"));
    }

    /// The program that asks the kernel about the ring it produces into.
    BpfProgram.Runner query() {
        return object.program("query").runner(32);
    }

    /// The word at an index of a record, as both sides compute it.
    static long word(long number, int producer, int index) {
        return number * 31 + index + ((long) producer << 56);
    }

    /// How many words the record of this number has, when all lengths take turns.
    static int words(long number) {
        return switch ((int) (number % 5)) {
            case 0 -> 2;
            case 1 -> 3;
            case 2 -> 9;
            case 3 -> 32;
            default -> 64;
        };
    }

    /// The bytes of the ring that a record of so many words takes.
    static long span(int words) {
        return words * 8L + RECORD_HEADER_BYTES;
    }

    static boolean isDiscarded(long number, int discard) {
        return discard != 0 && number % discard == discard - 1;
    }

    /// Publishes how much went through a ring.
    ///
    /// @param full how often there was no place for a record
    /// @param start when it began, by the clock of [System#nanoTime()]
    static void publish(TestReporter reporter, long records, long wraps, long full, long start) {
        reporter.publishEntry("records", Long.toString(records));
        reporter.publishEntry("wraps", Long.toString(wraps));
        reporter.publishEntry("times full", Long.toString(full));
        reporter.publishEntry(
                "records per second",
                Long.toString(records * 1_000_000_000 / (System.nanoTime() - start)));
    }

    /// Whether the kernel keeps a record busy now, and waits to be told to go on.
    boolean isHolding() {
        return (int) JAVA_INT.varHandle().getAcquire(busy, 4L) != 0;
    }

    void goOn() {
        JAVA_INT.varHandle().setRelease(busy, 0L, 1);
    }

    Production production(String program, int producer, int discard, int words) {
        return new Production(object.program(program), producer, discard, words);
    }

    Drain drain(int discard) {
        return new Drain(object.program("drain"), discard);
    }

    /// `struct production` and the program that takes it.
    static final class Production {
        private final BpfProgram.Runner runner;
        private final MemorySegment context;

        private Production(BpfProgram program, int producer, int discard, int words) {
            this.runner = program.runner(32);
            this.context = runner.context();
            context.set(JAVA_INT, 20, producer);
            context.set(JAVA_INT, 24, discard);
            context.set(JAVA_INT, 28, words);
        }

        /// Produces so many records, or fewer when the ring is full.
        ///
        /// @return how many
        int run(int records) {
            context.set(JAVA_INT, 16, records);
            return runner.run();
        }

        long number() {
            return context.get(JAVA_LONG, 0);
        }

        void number(long number) {
            context.set(JAVA_LONG, 0, number);
        }

        long full() {
            return context.get(JAVA_LONG, 8);
        }
    }

    /// `struct drained` and the program that takes it.
    static final class Drain {
        private final BpfProgram.Runner runner;
        private final MemorySegment context;

        private Drain(BpfProgram program, int discard) {
            this.runner = program.runner(40);
            this.context = runner.context();
            context.set(JAVA_LONG, 32, discard);
        }

        /// Drains what is there.
        ///
        /// @return how many records, or the negative errno
        int run() {
            return runner.run();
        }

        long number() {
            return context.get(JAVA_LONG, 0);
        }

        long records() {
            return context.get(JAVA_LONG, 8);
        }

        long checksum() {
            return context.get(JAVA_LONG, 16);
        }

        long wrong() {
            return context.get(JAVA_LONG, 24);
        }
    }

    @Override
    public void close() {
        object.close();
    }

    /// Waits a moment for the other end. Asleep, for a CPU that is emulated on the same thread as
    /// the other end's would else go on doing nothing for the whole of its turn.
    static void rest() {
        LockSupport.parkNanos(1);
    }
}
