// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.schedext.bpf.internal.FakeLibbpf;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// From open to load, over a libbpf that is written in Java.
class OpenBpfObjectTest {
    private static final String MAP = FakeLibbpf.MAP_NAME;
    private static final String PROGRAM = FakeLibbpf.PROGRAM_NAME;

    private final FakeLibbpf libbpf = new FakeLibbpf();

    @Test
    void loadConsumesTheOpenObject() {
        OpenBpfObject open = open();
        BpfObject object = open.load();
        assertThatIllegalStateException()
                .isThrownBy(open::load)
                .withMessage("BPF object test is already loaded");
        assertThatIllegalStateException().isThrownBy(() -> open.initialValue(MAP));
        open.close();
        assertThat(libbpf.calls()).containsExactly("bpf_object__open_mem", "bpf_object__load");
        object.close();
        assertThat(libbpf.calls()).endsWith("bpf_object__close");
    }

    @Test
    void anOpenObjectIsClosedOnce() {
        OpenBpfObject open = open();
        open.close();
        open.close();
        assertThat(libbpf.calls()).containsExactly("bpf_object__open_mem", "bpf_object__close");
        assertThatIllegalStateException()
                .isThrownBy(open::load)
                .withMessage("BPF object test is closed");
        assertThatIllegalStateException().isThrownBy(() -> open.autoload(PROGRAM, false));
    }

    @Test
    void aFailedLoadFreesTheObject() {
        libbpf.loadResult(-22);
        OpenBpfObject open = open();
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(open::load)
                .withMessage("test: load: EINVAL (22)");
        open.close();
        assertThat(libbpf.calls())
                .containsExactly("bpf_object__open_mem", "bpf_object__load", "bpf_object__close");
    }

    @Test
    void aRefusedProgramGivesTheVerifiersLog() {
        String log = "0: (95) exit\nR0 !read_ok\nprocessed 1 insns\n";
        libbpf.loadFails(-13, "prog 'probe': BPF program load failed: Permission denied", log);
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> open().load())
                .withMessage("test: load program probe: EACCES (13): R0 !read_ok (2 lines omitted)")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(BpfException.Kind.VERIFIER_REFUSED))
                .satisfies(e -> assertThat(e.verifierLog()).isEqualTo(log));
    }

    @Test
    void verifyTellsWhatEachProgramCostsAndFreesAll() {
        libbpf.verifierSays("processed 42 insns (limit 1000000) total_states 7 peak_states 7\n");
        OpenBpfObject open = open();
        assertThat(open.verify()).containsOnly(Map.entry(PROGRAM, new VerifierStatistics(42, 7)));
        assertThat(libbpf.calls())
                .containsExactly(
                        "bpf_object__open_mem",
                        "bpf_program__set_log_level 4",
                        "bpf_object__load",
                        "bpf_object__close");
        assertThatIllegalStateException().isThrownBy(open::verify);
    }

    @Test
    void libbpfsWarningsExplainAFailure() {
        libbpf.loadFails(
                -2, "extern (func ksym) 'scx_bpf_new': not found in kernel or module BTFs", "");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> open().load())
                .withMessage(
                        "test: load: ENOENT (2): extern (func ksym) 'scx_bpf_new': not found in kernel or module"
                                + " BTFs");
    }

    @Test
    void initialValuesEndWithLoad() {
        OpenBpfObject open = open();
        MemorySegment value = open.initialValue(MAP);
        assertThat(value.byteSize()).isEqualTo(64);
        value.set(JAVA_INT, 0, 42);
        try (BpfObject _ = open.load()) {
            assertThatIllegalStateException().isThrownBy(() -> value.get(JAVA_INT, 0));
        }
    }

    @Test
    void aMapCannotBeResizedUnderItsInitialValue() {
        try (OpenBpfObject open = open()) {
            open.valueSize(MAP, 128);
            open.initialValue(MAP);
            assertThatIllegalStateException()
                    .isThrownBy(() -> open.valueSize(MAP, 256))
                    .withMessage(
                            "test: resize map state: set the size before asking for the initial value");
        }
        assertThat(libbpf.calls()).contains("bpf_map__set_value_size 128").hasSize(3);
    }

    @Test
    void libbpf14MayNotMoveTheBtfOfAStructOps() {
        BtfBuilder btf = new BtfBuilder();
        int bytes = btf.typedef("bytes", btf.array(btf.integer("char", 1), 1));
        btf.section(".data.array", "dump", bytes);
        btf.section(
                ".data.struct", "dump", btf.struct("dump", 1, new BtfBuilder.Field("first", 1, 0)));
        byte[] elf = btf.buildElf(".BTF");
        try (OpenBpfObject open =
                OpenBpfObject.open(
                        new FakeLibbpf().version(1, 4).structOps(".data.array").functions(),
                        "t",
                        elf)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> open.valueSize(".data.array", 64))
                    .withMessage(
                            "t: resize map .data.array: libbpf 1.4 cannot resize a section that ends in an array,"
                                    + " in an object with a struct_ops; end it in a struct, name it by its section,"
                                    + " or use libbpf 1.5")
                    .satisfies(
                            e -> assertThat(e.kind()).isEqualTo(BpfException.Kind.LIBRARY_TOO_OLD));
        }
        FakeLibbpf old = new FakeLibbpf().version(1, 4).structOps(".data.struct");
        try (OpenBpfObject open = OpenBpfObject.open(old.functions(), "t", elf)) {
            open.valueSize(".data.struct", 64);
        }
        FakeLibbpf fixed = new FakeLibbpf().version(1, 5).structOps(".data.array");
        try (OpenBpfObject open = OpenBpfObject.open(fixed.functions(), "t", elf)) {
            open.valueSize(".data.array", 64);
        }
        assertThat(old.calls()).contains("bpf_map__set_value_size 64");
        assertThat(fixed.calls()).contains("bpf_map__set_value_size 64");
    }

    @Test
    void saysWhatLibbpfRefused() {
        try (OpenBpfObject open = open()) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> open.maxEntries(MAP, 3))
                    .withMessage("test: set the number of entries of map state: EINVAL (22)");
            open.autoload(PROGRAM, false);
            open.autocreate(MAP, true);
        }
        assertThat(libbpf.calls())
                .contains("bpf_program__set_autoload 0", "bpf_map__set_autocreate 1");
    }

    @Test
    void usesTheMapOfAnotherObject() {
        FakeLibbpf first = new FakeLibbpf().mapFd(7);
        BpfMap map;
        try (BpfObject other =
                        OpenBpfObject.open(first.functions(), "other", new byte[] {1, 2, 3})
                                .load();
                OpenBpfObject open = open()) {
            map = other.map(MAP);
            open.reuse(MAP, map);
        }
        assertThat(libbpf.calls()).contains("bpf_map__reuse_fd 7");
        try (OpenBpfObject open = open()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> open.reuse(MAP, map))
                    .withMessageContaining("other");
        }
    }

    @Test
    void saysWhichMapCannotBeUsedAgain() {
        FakeLibbpf first = new FakeLibbpf().mapFd(-1);
        try (BpfObject other =
                        OpenBpfObject.open(first.functions(), "other", new byte[] {1, 2, 3})
                                .load();
                OpenBpfObject open = open()) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> open.reuse(MAP, other.map(MAP)))
                    .withMessage("test: reuse map state as state: EBADF (9)");
        }
    }

    private OpenBpfObject open() {
        return OpenBpfObject.open(libbpf.functions(), "test", new byte[] {1, 2, 3});
    }
}
