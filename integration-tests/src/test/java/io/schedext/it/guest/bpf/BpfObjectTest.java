// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.schedext.bpf.BpfException;
import io.schedext.bpf.BpfLink;
import io.schedext.bpf.BpfMap;
import io.schedext.bpf.BpfMapType;
import io.schedext.bpf.BpfObject;
import io.schedext.bpf.BpfProgram;
import io.schedext.bpf.Btf;
import io.schedext.bpf.Libbpf;
import io.schedext.bpf.OpenBpfObject;
import io.schedext.it.guest.support.BpfLeftovers;
import io.schedext.it.guest.support.TestObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Objects, maps, programs and links of a real kernel, through the system's libbpf.
class BpfObjectTest {
    private static final Path CONTROLS =
            Path.of("/proc/sys/net/ipv4/tcp_available_congestion_control");
    private static final int EACCES = 13;
    private static final int EEXIST = 17;
    private static final int EINVAL = 22;

    Library library() {
        return Library.SYSTEM;
    }

    @Test
    void theVersionIsTheOneExpected() {
        Libbpf libbpf = library().load();
        assertThat(libbpf.version()).matches(library().version());
        assertThat(libbpf.path()).isRegularFile();
    }

    @Test
    void globalDataIsSetBeforeLoadAndLiveAfterIt() {
        try (OpenBpfObject open = open("object")) {
            MemorySegment constants = open.initialValue(".rodata");
            assertThat(constants.get(JAVA_INT, 0)).as("factor, as in the source").isEqualTo(2);
            constants.set(JAVA_INT, 0, 10);
            assertThat(open.initialValue(".data").get(JAVA_INT, 0))
                    .as("offset, as in the source")
                    .isEqualTo(5);
            open.initialValue(".data").set(JAVA_INT, 0, 6);
            try (BpfObject object = open.load()) {
                assertThat(compute(object, 4)).isEqualTo(46);
                MemorySegment data = object.map(".data").memory();
                assertThat(data.get(JAVA_INT, 0)).isEqualTo(6);
                data.set(JAVA_INT, 0, 1);
                assertThat(compute(object, 4)).isEqualTo(41);
            }
        }
    }

    @Test
    void aMapOutlivesItsObjectInAnother() {
        BpfObject first = load("object");
        try (OpenBpfObject open = open("object")) {
            first.map(".data.table").memory().set(JAVA_LONG, 0, 100);
            open.reuse(".data.table", first.map(".data.table"));
            try (BpfObject second = open.load()) {
                first.close();
                assertThat(sum(second)).as("2, 3 and 4 as in the source").isEqualTo(109);
            }
        }
    }

    @Test
    void constantsAreReadOnlyOnceLoaded() {
        try (BpfObject object = load("object")) {
            BpfMap constants = object.map(".rodata");
            assertThat(constants.type()).isEqualTo(BpfMapType.ARRAY);
            assertThat(constants.memory().isReadOnly()).isTrue();
            assertThat(constants.memory().get(JAVA_INT, 0)).isEqualTo(2);
            assertThat(object.map(".bss").memory().isReadOnly()).isFalse();
        }
    }

    @Test
    void aSectionIsResizedBeforeLoad() {
        int entries = 1_000;
        try (OpenBpfObject open = open("object")) {
            open.valueSize(".data.table", entries * 8);
            MemorySegment table = open.initialValue(".data.table");
            assertThat(table.byteSize()).isEqualTo(entries * 8L);
            assertThat(table.get(JAVA_LONG, 8)).as("what the source has there").isEqualTo(2);
            for (int i = 0; i < entries; i++) {
                table.set(JAVA_LONG, i * 8L, i);
            }
            open.initialValue(".rodata").set(JAVA_INT, 4, entries);
            try (BpfObject object = open.load()) {
                assertThat(object.map(".data.table").valueSize()).isEqualTo(entries * 8);
                assertThat(sum(object)).isEqualTo(entries * (entries - 1) / 2);
                MemorySegment live = object.map(".data.table").memory();
                assertThat(live.byteSize()).isEqualTo(entries * 8L);
                live.set(JAVA_LONG, (entries - 1) * 8L, 0);
                assertThat(sum(object)).isEqualTo((entries - 1) * (entries - 2) / 2);
            }
        }
    }

    @Test
    void aSectionThatEndsInAnArrayIsResizedToo() {
        try (OpenBpfObject open = open("object")) {
            open.valueSize(".data.text", 4_000);
            open.initialValue(".data.text").setString(0, "longer than eight bytes");
            try (BpfObject object = open.load()) {
                MemorySegment text = object.map(".data.text").memory();
                assertThat(text.byteSize()).isEqualTo(4_000);
                assertThat(text.getString(0)).isEqualTo("longer than eight bytes");
            }
        }
    }

    @Test
    void aMapTellsWhatItIs() {
        try (BpfObject object = load("object")) {
            BpfMap pairs = object.map("pairs");
            assertThat(pairs.type()).isEqualTo(BpfMapType.HASH);
            assertThat(pairs.keySize()).isEqualTo(4);
            assertThat(pairs.valueSize()).isEqualTo(8);
            assertThat(pairs.maxEntries()).isEqualTo(16);
            assertThat(pairs.fd()).isPositive();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(pairs::memory)
                    .withMessageContaining("only an array with the flag BPF_F_MMAPABLE");
        }
    }

    @Test
    void aTracepointCountsWhileItsLinkIsOpen() throws Exception {
        try (BpfObject object = load("object")) {
            MemorySegment switches = object.map(".bss").memory();
            try (BpfLink _ = object.attach("count_switch")) {
                for (int i = 0; i < 1_000 && switches.get(JAVA_LONG, 0) < 10; i++) {
                    Thread.sleep(10);
                }
            }
            long counted = switches.get(JAVA_LONG, 0);
            assertThat(counted).isGreaterThanOrEqualTo(10);
            Thread.sleep(100);
            assertThat(switches.get(JAVA_LONG, 0)).isEqualTo(counted);
        }
    }

    @Test
    void aStructOpsIsSetBeforeLoadAndAttachedUntilItsLinkCloses() throws Exception {
        byte[] elf = TestObject.elf("object");
        long name =
                Btf.ofElf(elf)
                        .struct("tcp_congestion_ops")
                        .orElseThrow()
                        .member("name")
                        .orElseThrow()
                        .offset();
        try (OpenBpfObject open = open("object")) {
            MemorySegment control = open.initialValue("control");
            assertThat(control.getString(name)).isEqualTo("scx_it_unset");
            control.setString(name, "scx_it_set");
            try (BpfObject object = open.load()) {
                assertThat(controls()).doesNotContain("scx_it_set", "scx_it_unset");
                BpfLink link = object.attachStructOps("control");
                assertThat(controls()).contains("scx_it_set");
                assertThatExceptionOfType(BpfException.class)
                        .isThrownBy(() -> object.attachStructOps("control"))
                        .withMessageStartingWith(
                                "object.bpf.o: attach struct_ops control: EEXIST (17)")
                        .satisfies(e -> assertThat(e.errno()).isEqualTo(EEXIST));
                link.close();
                assertThat(controls()).doesNotContain("scx_it_set");
            }
        }
    }

    @Test
    void closingTheObjectDetaches() throws Exception {
        BpfObject object = load("object");
        BpfLink link = object.attachStructOps("control");
        assertThat(controls()).contains("scx_it_unset");
        object.close();
        assertThat(controls()).doesNotContain("scx_it_unset");
        assertThat(link.isOpen()).isFalse();
        link.close();
    }

    @Test
    void aRefusalCarriesTheVerifiersLog() {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> load("refused"))
                .withMessageMatching(
                        "refused.bpf.o: load program reads_too_far: EACCES \\(13\\):"
                                + " invalid bpf_context access off=-8 size=8 \\(\\d+ lines omitted\\)")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(BpfException.Kind.VERIFIER_REFUSED))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(EACCES))
                .satisfies(e ->
                        assertThat(e.verifierLog()).contains("r0 = *(u64 *)(r1 -8)", "processed "));
    }

    @Test
    void aProgramThatIsNotLoadedIsNotVerified() {
        try (OpenBpfObject open = open("refused")) {
            open.autoload("reads_too_far", false);
            try (BpfObject object = open.load()) {
                assertThat(object.program("innocent").run(MemorySegment.ofArray(new long[1])))
                        .isZero();
            }
        }
    }

    @Test
    void aFunctionThatTheKernelLacksIsNamed() {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> load("absent"))
                .withMessageContaining("absent.bpf.o: load: ")
                .withMessageContaining("scx_no_such_kfunc")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(BpfException.Kind.FAILED));
    }

    @Test
    void aMapThatTheKernelRefusesIsNamed() {
        try (OpenBpfObject open = open("object")) {
            open.maxEntries("pairs", 0);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(open::load)
                    .withMessageStartingWith(
                            "object.bpf.o: load: EINVAL (22): map 'pairs': failed to create")
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(EINVAL));
        }
    }

    @Test
    void libbpfsMessagesGoToTheLog() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.schedext.bpf.libbpf");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Level level = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(log);
        try {
            load("object").close();
        } finally {
            logger.detachAppender(log);
            logger.setLevel(level);
        }
        List<String> messages = log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        // Texts and numbers of the C call's list of arguments.
        assertThat(messages)
                .contains(
                        "libbpf: loading object 'object.bpf.o' from buffer",
                        "libbpf: map 'pairs': found type = 1.")
                .anyMatch(message ->
                        message.matches("libbpf: map 'pairs': created successfully, fd=\\d+"));
    }

    @Test
    void bytesThatAreNoObjectAreRefused() {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> library().load().open("nonsense.bpf.o", new byte[100]))
                .withMessageStartingWith("open nonsense.bpf.o: ");
    }

    @Test
    void nothingStaysBehindAfterClose() throws Exception {
        long descriptors = BpfLeftovers.descriptorsOfBpf();
        long mappings = bpfMappings();
        BpfObject object = load("object");
        BpfMap bss = object.map(".bss");
        BpfProgram.Runner runner = object.program("compute").runner(8);
        MemorySegment memory = bss.memory();
        object.attach("count_switch");
        object.attachStructOps("control");
        assertThat(BpfLeftovers.descriptorsOfBpf()).isGreaterThan(descriptors);
        assertThat(bpfMappings()).isGreaterThan(mappings);
        object.close();
        object.close();
        assertThat(BpfLeftovers.descriptorsOfBpf()).isEqualTo(descriptors);
        assertThat(bpfMappings()).isEqualTo(mappings);
        assertThatIllegalStateException().isThrownBy(runner::run);
        assertThatIllegalStateException().isThrownBy(bss::fd);
        assertThatIllegalStateException().isThrownBy(() -> memory.get(JAVA_INT, 0));
        assertThatIllegalStateException().isThrownBy(() -> object.attach("count_switch"));
    }

    @Test
    void failedLoadsLeaveNothingBehind() throws Exception {
        long descriptors = BpfLeftovers.descriptorsOfBpf();
        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(BpfException.class).isThrownBy(() -> load("refused"));
            open("object").close();
        }
        assertThat(BpfLeftovers.descriptorsOfBpf()).isEqualTo(descriptors);
    }

    @Test
    void closingUnderRunningThreadsIsSafe() throws Exception {
        for (int round = 0; round < 5; round++) {
            BpfObject object = load("object");
            List<Throwable> failures = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(
                        Thread.ofPlatform()
                                .uncaughtExceptionHandler((_, e) -> failures.add(e))
                                .start(() -> useUntilClosed(object)));
            }
            Thread.sleep(50);
            object.close();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
        }
    }

    private static void useUntilClosed(BpfObject object) {
        try {
            MemorySegment data = object.map(".data").memory();
            BpfProgram.Runner runner = object.program("compute").runner(8);
            while (true) {
                data.set(JAVA_INT, 0, data.get(JAVA_INT, 0) + 1);
                runner.run();
                object.attach("count_switch").close();
            }
        } catch (IllegalStateException _) {
            // Closed, as it should be.
        }
    }

    private OpenBpfObject open(String name) {
        return library().load().open(name + ".bpf.o", TestObject.elf(name));
    }

    private BpfObject load(String name) {
        try (OpenBpfObject open = open(name)) {
            return open.load();
        }
    }

    private static int compute(BpfObject object, int in) {
        int[] context = {in, 0};
        object.program("compute").run(MemorySegment.ofArray(context));
        return context[1];
    }

    private static int sum(BpfObject object) {
        int[] context = {0, 0};
        object.program("sum").run(MemorySegment.ofArray(context));
        return context[1];
    }

    private static List<String> controls() throws IOException {
        return List.of(Files.readString(CONTROLS).strip().split(" "));
    }

    private static long bpfMappings() throws IOException {
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            return mappings.filter(line -> line.contains("bpf-map") || line.contains("bpf_map"))
                    .count();
        }
    }
}
