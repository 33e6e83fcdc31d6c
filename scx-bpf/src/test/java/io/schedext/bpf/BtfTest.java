// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.schedext.bpf.BtfBuilder.Field;
import io.schedext.bpf.BtfBuilder.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BtfTest {
    private final BtfBuilder builder = new BtfBuilder();

    @Test
    void findsAStructWithSizeAndOffsets() {
        int u32 = builder.integer("unsigned int", 4);
        int u64 = builder.typedef("u64", builder.integer("unsigned long", 8));
        int comm = builder.array(builder.integer("char", 1), 16);
        builder.struct(
                "task",
                40,
                new Field("pid", u32, 0),
                new Field("vtime", builder.constant(u64), 64),
                new Field("comm", comm, 128),
                new Field("next", builder.pointer(0), 256));
        Btf.Struct task = btf().struct("task").orElseThrow();
        assertThat(task.size()).isEqualTo(40);
        assertThat(task.isUnion()).isFalse();
        assertThat(task.members())
                .containsExactly(
                        new Btf.Member("pid", 0, 0, 4),
                        new Btf.Member("vtime", 64, 0, 8),
                        new Btf.Member("comm", 128, 0, 16),
                        new Btf.Member("next", 256, 0, 8));
        assertThat(task.member("comm").orElseThrow().offset()).isEqualTo(16);
        assertThat(task.member("nice")).isEmpty();
    }

    @Test
    void namesMembersOfAnonymousStructsAsC() {
        int u32 = builder.integer("int", 4);
        int inner = builder.struct("", 8, new Field("a", u32, 0), new Field("b", u32, 32));
        int choice = builder.union("", 8, new Field("word", u32, 0), new Field("", inner, 0));
        builder.struct(
                "outer",
                16,
                new Field("first", u32, 0),
                new Field("", builder.constant(choice), 64));
        Btf btf = btf();
        assertThat(btf.struct("outer").orElseThrow().members())
                .containsExactly(
                        new Btf.Member("first", 0, 0, 4),
                        new Btf.Member("word", 64, 0, 4),
                        new Btf.Member("a", 64, 0, 4),
                        new Btf.Member("b", 96, 0, 4));
        assertThat(btf.hasField("outer", "b")).isTrue();
        assertThat(btf.hasField("outer", "c")).isFalse();
        assertThat(btf.hasField("other", "b")).isFalse();
    }

    @Test
    void flagsBitFields() {
        int u32 = builder.integer("int", 4);
        builder.struct("flags", 8, new Field("mode", u32, 35, 3), new Field("whole", u32, 0));
        Btf.Struct flags = btf().struct("flags").orElseThrow();
        Btf.Member mode = flags.member("mode").orElseThrow();
        assertThat(mode).isEqualTo(new Btf.Member("mode", 35, 3, 4));
        assertThat(mode.isBitField()).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(mode::offset)
                .withMessage("member mode is a bit-field");
        assertThat(flags.member("whole").orElseThrow().offset()).isZero();
    }

    @Test
    void readsEnumValuesOfEverySizeAndSign() {
        builder.enumeration("plain", false, new Value("A", 1), new Value("TOP", 0xffff_ffffL));
        builder.enumeration("signed", true, new Value("MINUS", -2));
        builder.enumeration64(
                "wide", new Value("LOCAL_ON", 0xc000_0000_0000_0000L), new Value("W1", 1));
        builder.enumeration("", false, new Value("NAMELESS", 7));
        Btf btf = btf();
        assertThat(btf.enumValue("plain", "TOP")).hasValue(0xffff_ffffL);
        assertThat(btf.enumValue("signed", "MINUS")).hasValue(-2);
        assertThat(btf.enumValue("wide", "LOCAL_ON")).hasValue(0xc000_0000_0000_0000L);
        assertThat(btf.enumValue("", "NAMELESS")).hasValue(7);
        assertThat(btf.enumValue("NAMELESS")).hasValue(7);
        assertThat(btf.enumValue("W1")).hasValue(1);
        assertThat(btf.enumValue("", "A")).isEmpty();
        assertThat(btf.enumValue("plain", "W1")).isEmpty();
        assertThat(btf.enumValue("absent", "A")).isEmpty();
        assertThat(btf.enumValue("TO")).isEmpty();
    }

    @Test
    void tellsTypesFromFunctionsAndDeclarations() {
        builder.integer("int", 4);
        builder.typedef("number", 1);
        builder.forward("declared");
        builder.function("scx_kfunc");
        builder.declTag("tag", 1);
        builder.struct("both", 4, new Field("x", 1, 0));
        builder.function("both");
        Btf btf = btf();
        assertThat(btf.hasType("int")).isTrue();
        assertThat(btf.hasType("number")).isTrue();
        assertThat(btf.hasType("declared")).isFalse();
        assertThat(btf.hasType("tag")).isFalse();
        assertThat(btf.hasType("")).isFalse();
        assertThat(btf.hasFunction("scx_kfunc")).isTrue();
        assertThat(btf.hasType("scx_kfunc")).isFalse();
        assertThat(btf.hasType("both")).isTrue();
        assertThat(btf.hasFunction("both")).isTrue();
        assertThat(btf.struct("declared")).isEmpty();
    }

    @Test
    void takesTheFirstOfSeveralStructsOfOneName() {
        builder.struct("twice", 4);
        builder.struct("twice", 8);
        assertThat(btf().struct("twice").orElseThrow().size()).isEqualTo(4);
    }

    @Test
    void findsEveryTypeOfMany() {
        for (int i = 1; i <= 5000; i++) {
            builder.struct("type_" + i, i);
        }
        Btf btf = btf();
        for (int i = 1; i <= 5000; i++) {
            assertThat(btf.struct("type_" + i).orElseThrow().size()).isEqualTo(i);
        }
        assertThat(btf.struct("type_0")).isEmpty();
        assertThat(btf.struct("type_5001")).isEmpty();
    }

    @Test
    void readsTheSectionOfAnElfFile() {
        builder.struct("state", 128);
        assertThat(Btf.ofElf(builder.buildElf(".BTF")).struct("state").orElseThrow().size())
                .isEqualTo(128);
    }

    @Test
    void saysThatAnElfFileHasNoBtf() {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> Btf.ofElf(builder.buildElf(".text")))
                .withMessage(
                        "read the BTF of the object file: it has no section .BTF; compile it with -g")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(BpfException.Kind.BTF_MISSING));
    }

    @Test
    void saysThatTheKernelHasNoBtf(@TempDir Path folder) {
        Path absent = folder.resolve("vmlinux");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> Btf.ofKernel(absent))
                .withMessage(
                        "read the kernel's BTF: there is no "
                                + absent
                                + "; a kernel built with CONFIG_DEBUG_INFO_BTF is needed")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(BpfException.Kind.BTF_MISSING));
    }

    @Test
    void readsAKernelFile(@TempDir Path folder) throws Exception {
        builder.struct("task_struct", 9000);
        Path file = Files.write(folder.resolve("vmlinux"), builder.build());
        assertThat(Btf.ofKernel(file).hasType("task_struct")).isTrue();
    }

    @Test
    void stepsOverKindsItDoesNotKnowWhenTheFileTellsTheirSize() {
        builder.type("new_thing", 25, 2, 0, 1, 2, 3, 4, 5);
        builder.struct("after", 24);
        builder.layouts(26, 25, 4, 8);
        Btf btf = btf();
        assertThat(btf.struct("after").orElseThrow().size()).isEqualTo(24);
        assertThat(btf.hasType("new_thing")).isFalse();
    }

    @Test
    void saysWhichKindItDoesNotKnow() {
        builder.integer("int", 4);
        builder.type("new_thing", 25, 0, 0);
        assertMalformed(this::btf, "BTF type 2 is of kind 25, which this library does not know");
    }

    @Test
    void saysWhatIsBroken() {
        assertMalformed(() -> Btf.of(new byte[3]), "this is no little-endian BTF");
        assertMalformed(() -> Btf.ofElf(new byte[100]), "this is no ELF file");
        builder.struct("s", 4, new Field("self", 99, 0));
        assertMalformed(() -> btf().struct("s"), "there is no BTF type 99");
    }

    @Test
    void survivesTypesThatReferToThemselves() {
        builder.typedef("loop", 1);
        builder.struct("s", 4, new Field("m", 1, 0));
        int nest = builder.struct("", 4, new Field("", 3, 0));
        builder.struct("n", 4, new Field("", nest, 0));
        assertMalformed(() -> btf().struct("s"), "BTF type 1 refers to itself");
        assertMalformed(() -> btf().struct("n"), "BTF type 3 contains itself");
    }

    @Test
    void everyDamageIsEitherHarmlessOrSaidSo() {
        int u32 = builder.integer("int", 4);
        int inner =
                builder.union(
                        "", 8, new Field("x", u32, 0), new Field("y", builder.array(u32, 2), 0));
        builder.struct("s", 16, new Field("a", u32, 0), new Field("", inner, 64));
        builder.enumeration("e", true, new Value("ONE", 1));
        builder.enumeration64("f", new Value("TWO", 2));
        builder.function("call");
        byte[] whole = builder.buildElf(".BTF");
        Seed.rounds(20_000, random -> damage(whole.clone(), random));
    }

    private static void damage(byte[] elf, RandomGenerator random) {
        byte[] damaged =
                random.nextBoolean()
                        ? elf
                        : java.util.Arrays.copyOf(elf, random.nextInt(elf.length));
        for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        try {
            Btf btf = Btf.ofElf(damaged);
            btf.struct("s");
            btf.enumValue("ONE");
            btf.enumValue("f", "TWO");
            btf.hasFunction("call");
        } catch (BpfException e) {
            assertThat(e.kind()).isIn(BpfException.Kind.MALFORMED, BpfException.Kind.BTF_MISSING);
        }
    }

    private Btf btf() {
        return Btf.of(builder.build());
    }

    private static void assertMalformed(ThrowingCallable call, String reason) {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(call)
                .withMessageEndingWith(reason)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(BpfException.Kind.MALFORMED));
    }
}
