// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import io.schedext.bpf.internal.FakeLibbpf;
import io.schedext.bpf.internal.MemFile;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A loaded object, over a libbpf that is written in Java.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BpfObjectTest {
    private static final String MAP = FakeLibbpf.MAP_NAME;
    private static final String PROGRAM = FakeLibbpf.PROGRAM_NAME;

    private final FakeLibbpf libbpf = new FakeLibbpf();

    @Test
    void saysWhichNamesThereAre() {
        try (BpfObject object = load()) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> object.map("sate"))
                    .withMessage("test: map sate: the object has no such name; it has state")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(BpfException.Kind.NO_SUCH_NAME));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> object.program("prob"))
                    .withMessage("test: program prob: the object has no such name; it has probe");
        }
    }

    @Test
    void linksEndBeforeTheObject() {
        BpfObject object = load();
        BpfLink link = object.attachStructOps(MAP);
        object.close();
        assertThat(link.isOpen()).isFalse();
        link.close();
        assertThat(libbpf.calls())
                .containsExactly(
                        "bpf_object__open_mem",
                        "bpf_object__load",
                        "bpf_map__attach_struct_ops",
                        "bpf_link__destroy",
                        "bpf_object__close");
    }

    @Test
    void aLinkIsDestroyedOnce() {
        try (BpfObject object = load()) {
            BpfLink link = object.attach(PROGRAM);
            assertThat(link.isOpen()).isTrue();
            assertThat(link).hasToString("test: attach program probe");
            link.close();
            link.close();
        }
        assertThat(libbpf.calls()).filteredOn("bpf_link__destroy"::equals).hasSize(1);
    }

    @Test
    void aLinkMadeDuringCloseIsDestroyedToo() throws Exception {
        CountDownLatch attaching = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        libbpf.onAttach(() -> {
            attaching.countDown();
            await(goOn);
        });
        BpfObject object = load();
        try (ExecutorService others = Executors.newFixedThreadPool(2)) {
            Future<BpfLink> link = others.submit(() -> object.attachStructOps(MAP));
            attaching.await();
            Future<?> closing = others.submit(object::close);
            goOn.countDown();
            closing.get();
            assertThat(link.get().isOpen()).isFalse();
        }
        assertThat(libbpf.calls()).endsWith("bpf_link__destroy", "bpf_object__close");
    }

    @Test
    void nothingWorksAfterClose() throws Exception {
        try (MemFile file = MemFile.ofBytes(4096)) {
            libbpf.mapFd(file.fd());
            BpfObject object = load();
            BpfMap map = object.map(MAP);
            BpfProgram program = object.program(PROGRAM);
            BpfProgram.Runner runner = program.runner(8);
            MemorySegment memory = map.memory();
            object.close();
            object.close();

            assertClosed(() -> object.map(MAP));
            assertClosed(() -> object.program(PROGRAM));
            assertClosed(() -> object.attach(PROGRAM));
            assertClosed(() -> object.attachStructOps(MAP));
            assertClosed(map::fd);
            assertClosed(map::memory);
            assertClosed(program::fd);
            assertClosed(program::run);
            assertClosed(() -> program.runner(8));
            assertClosed(runner::run);
            assertThatIllegalStateException().isThrownBy(() -> memory.get(JAVA_INT, 0));
            assertThatIllegalStateException().isThrownBy(() -> runner.context().get(JAVA_INT, 0));
            assertThat(libbpf.calls()).filteredOn("bpf_object__close"::equals).hasSize(1);
        }
    }

    @Test
    void closeDetachesFirstAndThenWaitsForARunUnderWay() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        libbpf.testRun(() -> {
            running.countDown();
            await(goOn);
            return 5;
        });
        BpfObject object = load();
        BpfLink link = object.attachStructOps(MAP);
        BpfProgram.Runner runner = object.program(PROGRAM).runner(4);
        try (ExecutorService others = Executors.newFixedThreadPool(2)) {
            Future<Integer> run = others.submit(runner::run);
            running.await();
            Future<?> closing = others.submit(object::close);
            for (int i = 0; i < 500 && link.isOpen(); i++) {
                Thread.sleep(10);
            }
            // Time enough for a close that does not wait to go on.
            Thread.sleep(20);
            boolean detached = !link.isOpen();
            List<String> calls = libbpf.calls();
            goOn.countDown();
            assertThat(detached).as("detached while the run was under way").isTrue();
            assertThat(calls).endsWith("bpf_link__destroy");
            assertThat(run.get()).isEqualTo(5);
            closing.get();
            assertThat(libbpf.calls()).endsWith("bpf_object__close");
        }
    }

    @Test
    void anyThreadMayUseItWhileAnotherCloses() throws Exception {
        for (int round = 0; round < 50; round++) {
            raceWithClose();
        }
    }

    private void raceWithClose() throws Exception {
        try (MemFile file = MemFile.ofBytes(4096)) {
            FakeLibbpf raced = new FakeLibbpf().mapFd(file.fd());
            BpfObject object = OpenBpfObject.open(raced.functions(), "raced", new byte[8]).load();
            List<Throwable> failures = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(
                        Thread.ofPlatform()
                                .uncaughtExceptionHandler((_, e) -> failures.add(e))
                                .start(() -> useUntilClosed(object)));
            }
            Thread.yield();
            object.close();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            assertThat(raced.calls()).endsWith("bpf_object__close");
            long attached = raced.calls().stream().filter("bpf_program__attach"::equals).count();
            long destroyed = raced.calls().stream().filter("bpf_link__destroy"::equals).count();
            assertThat(destroyed).isEqualTo(attached);
        }
    }

    private static void useUntilClosed(BpfObject object) {
        try {
            while (true) {
                MemorySegment memory = object.map(MAP).memory();
                memory.set(JAVA_INT, 0, memory.get(JAVA_INT, 4));
                object.program(PROGRAM).runner(16).run();
                object.attach(PROGRAM).close();
            }
        } catch (IllegalStateException _) {
            // Closed, as it should be.
        }
    }

    @Test
    void aRunReadsAndWritesItsContext() {
        try (BpfObject object = load()) {
            BpfProgram program = object.program(PROGRAM);
            libbpf.testRun(() -> 3);
            int[] context = {41, 7};
            assertThat(program.run(MemorySegment.ofArray(context))).isEqualTo(3);
            assertThat(context).containsExactly(42, 7);
            assertThat(program.run()).isEqualTo(3);

            BpfProgram.Runner runner = program.runner(8);
            runner.context().set(JAVA_INT, 0, 1);
            assertThat(runner.run()).isEqualTo(3);
            assertThat(runner.run()).isEqualTo(3);
            assertThat(runner.context().get(JAVA_INT, 0)).isEqualTo(3);
        }
    }

    @Test
    void aRunThatFailsSaysWhy() {
        try (BpfObject object = load()) {
            libbpf.testRun(() -> -1);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(object.program(PROGRAM)::run)
                    .withMessageStartingWith("test: run program probe: EPERM (1)");
        }
    }

    @Test
    void aContextHasAtMost65535Bytes() {
        try (BpfObject object = load()) {
            BpfProgram program = object.program(PROGRAM);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.runner(65_536))
                    .withMessage("a context has 0 to 65535 bytes, not 65536");
            assertThatIllegalArgumentException().isThrownBy(() -> program.runner(-1));
        }
    }

    @Test
    void aPreparedRunAllocatesNothing() {
        // clock_gettime has the shape of bpf_prog_test_run_opts: a number, and memory that it
        // writes.
        libbpf.with("bpf_prog_test_run_opts", "clock_gettime").programFd(1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (BpfObject object = load()) {
            BpfProgram.Runner runner = object.program(PROGRAM).runner(16);
            long fewest = Long.MAX_VALUE;
            for (int round = 0; round < 20 && fewest != 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 50_000; i++) {
                    runner.run();
                }
                fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(fewest).as("bytes allocated in the best round").isZero();
        }
    }

    @Test
    void aMapsMemoryIsTheFilesOwn() throws Exception {
        try (MemFile file = MemFile.ofBytes(4096)) {
            libbpf.mapFd(file.fd());
            try (BpfObject object = load()) {
                BpfMap map = object.map(MAP);
                assertThat(map.type()).isEqualTo(BpfMapType.ARRAY);
                assertThat(map.keySize()).isEqualTo(4);
                assertThat(map.valueSize()).isEqualTo(60);
                assertThat(map.maxEntries()).isEqualTo(2);
                MemorySegment memory = map.memory();
                assertThat(memory.byteSize())
                        .as("two values of 60 bytes, rounded up to 64")
                        .isEqualTo(128);
                memory.set(JAVA_INT, 4, 99);
                assertThat(file.read(4)).isEqualTo(99);
                assertThat(map.memory()).isSameAs(memory);
                assertThat(object.map(MAP)).isSameAs(map);
            }
        }
    }

    @Test
    void aMapThatCannotBeMappedSaysSo() {
        try (BpfObject object = load()) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(object.map(MAP)::memory)
                    .withMessage(
                            "test: mmap map state: EBADF (9): has it the flag BPF_F_MMAPABLE?");
        }
    }

    @Test
    void aRingOfAnotherTypeIsRejected() {
        try (BpfObject object = load()) {
            BpfMap map = object.map(MAP);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RingConsumer.of(map))
                    .withMessage("map state is a ARRAY, not a RINGBUF");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> UserRingProducer.of(map))
                    .withMessage("map state is a ARRAY, not a USER_RINGBUF");
        }
    }

    private OpenBpfObject open() {
        return OpenBpfObject.open(libbpf.functions(), "test", new byte[] {1, 2, 3});
    }

    private BpfObject load() {
        return open().load();
    }

    private static void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable use) {
        assertThatIllegalStateException().isThrownBy(use).withMessage("BPF object test is closed");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
