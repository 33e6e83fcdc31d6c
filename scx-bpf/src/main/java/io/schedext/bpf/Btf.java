// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.BtfKind;
import io.schedext.bpf.internal.BtfSizes;
import io.schedext.bpf.internal.BtfTypes;
import io.schedext.bpf.internal.ElfSection;
import io.schedext.bpf.internal.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Type information in BTF, the kernel's own or an object file's: which types, members, enum values
/// and functions there are, and where a member lies.
///
/// Read without libbpf. An instance is immutable; any thread may use it. It keeps the bytes it was
/// made of, some 6 MB for a kernel.
public final class Btf {
    private static final Path KERNEL = Path.of("/sys/kernel/btf/vmlinux");

    private static final int STRUCTS = BtfKind.set(BtfKind.STRUCT, BtfKind.UNION);
    private static final int ENUMS = BtfKind.set(BtfKind.ENUM, BtfKind.ENUM64);
    private static final int FUNCTIONS = BtfKind.set(BtfKind.FUNC);
    private static final int SECTIONS = BtfKind.set(BtfKind.DATASEC);
    private static final int TYPES =
            STRUCTS | ENUMS | BtfKind.set(BtfKind.INT, BtfKind.TYPEDEF, BtfKind.FLOAT);

    private final String source;
    private final BtfTypes types;

    private Btf(String source, byte[] bytes) {
        this.source = source;
        this.types = reading(source, () -> new BtfTypes(bytes));
    }

    /// The running kernel's types, without its modules'.
    ///
    /// @throws BpfException of kind `BTF_MISSING` when the kernel was built without, `MALFORMED`
    ///   when it cannot be read
    public static Btf ofKernel() {
        return ofKernel(KERNEL);
    }

    static Btf ofKernel(Path file) {
        String operation = "read the kernel's BTF";
        if (!Files.exists(file)) {
            throw BpfException.of(
                    BpfException.Kind.BTF_MISSING,
                    operation,
                    "there is no " + file + "; a kernel built with CONFIG_DEBUG_INFO_BTF is needed",
                    null);
        }
        try {
            return new Btf(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw BpfException.of(BpfException.Kind.BTF_MISSING, operation, e.toString(), e);
        }
    }

    /// The types of a compiled BPF object: its section `.BTF`.
    ///
    /// @throws BpfException of kind `BTF_MISSING` when there is no such section, `MALFORMED` when
    ///   ELF or BTF is broken
    public static Btf ofElf(byte[] elf) {
        String source = "the object file";
        byte[] section =
                reading(source, () -> ElfSection.find(elf, ".BTF"))
                        .orElseThrow(() ->
                                BpfException.of(
                                        BpfException.Kind.BTF_MISSING,
                                        "read the BTF of " + source,
                                        "it has no section .BTF; compile it with -g",
                                        null));
        return new Btf(source, section);
    }

    /// Types in BTF's own format.
    ///
    /// @param btf copied
    /// @throws BpfException of kind `MALFORMED`
    public static Btf of(byte[] btf) {
        return new Btf("the given bytes", btf.clone());
    }

    /// A struct or union.
    ///
    /// @param name without the word struct
    /// @param isUnion whether it is a union
    /// @param size in bytes
    /// @param members in the order of the source. Those of an anonymous struct or union within
    ///   stand here as members of this one, as C has it
    public record Struct(String name, boolean isUnion, long size, List<Member> members) {
        /// Copies the members.
        public Struct {
            members = List.copyOf(members);
        }

        /// A member by name.
        public Optional<Member> member(String member) {
            return members.stream().filter(each -> each.name().equals(member)).findFirst();
        }
    }

    /// A member of a struct or union.
    ///
    /// @param name the member's name
    /// @param bitOffset from the beginning of the outermost struct, in bits
    /// @param bitFieldSize in bits; 0 for a member that is no bit-field
    /// @param size of the member's type, in bytes; 0 for a flexible array
    public record Member(String name, long bitOffset, int bitFieldSize, long size) {
        /// Whether it is a bit-field, which has no offset in bytes.
        public boolean isBitField() {
            return bitFieldSize != 0;
        }

        /// From the beginning of the outermost struct, in bytes.
        ///
        /// @throws IllegalStateException for a bit-field
        public long offset() {
            if (isBitField()) {
                throw new IllegalStateException("member " + name + " is a bit-field");
            }
            return bitOffset / Byte.SIZE;
        }
    }

    /// Whether there is a struct, union, enum, typedef or basic type of this name. A mere
    /// declaration is none.
    public boolean hasType(String name) {
        return types.find(name, TYPES) != 0;
    }

    /// Whether there is a function of this name: of the kernel's, it may be one that BPF programs
    /// can call.
    public boolean hasFunction(String name) {
        return types.find(name, FUNCTIONS) != 0;
    }

    /// A struct or union by name; the first where there are several.
    ///
    /// @throws BpfException of kind `MALFORMED`
    public Optional<Struct> struct(String name) {
        return reading(
                source,
                () -> {
                    int id = types.find(name, STRUCTS);
                    return id == 0 ? Optional.empty() : Optional.of(struct(name, id));
                });
    }

    /// Whether there is a struct or union of this name with a member of that name.
    ///
    /// @throws BpfException of kind `MALFORMED`
    public boolean hasField(String struct, String field) {
        return struct(struct).flatMap(found -> found.member(field)).isPresent();
    }

    /// The number that a name of an enum stands for.
    ///
    /// @param enumName the enum's name; empty for any enum without a name
    /// @return the value, as C's compiler saw it; empty when there is no such enum, or no such name
    ///   in it
    /// @throws BpfException of kind `MALFORMED`
    public OptionalLong enumValue(String enumName, String valueName) {
        return reading(
                source,
                () -> {
                    byte[] wanted = valueName.getBytes(StandardCharsets.UTF_8);
                    if (enumName.isEmpty()) {
                        return anyEnumValue(wanted, true);
                    }
                    int id = types.find(enumName, ENUMS);
                    return id == 0 ? OptionalLong.empty() : valueIn(id, wanted);
                });
    }

    /// The number that a name stands for, in whichever enum.
    ///
    /// @throws BpfException of kind `MALFORMED`
    public OptionalLong enumValue(String valueName) {
        return reading(
                source, () -> anyEnumValue(valueName.getBytes(StandardCharsets.UTF_8), false));
    }

    /// Whether the last variable of a data section is an array.
    boolean sectionEndsInArray(String section) {
        return reading(
                source,
                () -> {
                    int id = types.find(section, SECTIONS);
                    if (id == 0 || types.vlen(id) == 0) {
                        return false;
                    }
                    int variable = types.i32(types.ownData(id) + (types.vlen(id) - 1) * 12);
                    int type = BtfSizes.resolved(types, types.sizeOrType(variable));
                    return types.kind(type) == BtfKind.ARRAY;
                });
    }

    private Struct struct(String name, int id) {
        List<Member> members = new ArrayList<>();
        addMembers(id, 0, 0, members);
        return new Struct(
                name,
                types.kind(id) == BtfKind.UNION,
                Integer.toUnsignedLong(types.sizeOrType(id)),
                members);
    }

    private void addMembers(int id, long baseBits, int depth, List<Member> members) {
        if (depth > 32) {
            throw new FormatException("BTF type " + id + " contains itself");
        }
        boolean bitFields = types.kindFlag(id);
        int at = types.ownData(id);
        for (int member = 0; member < types.vlen(id); member++, at += 12) {
            int name = types.i32(at);
            int type = types.i32(at + 4);
            int place = types.i32(at + 8);
            long bits = baseBits + (bitFields ? place & 0xffffff : Integer.toUnsignedLong(place));
            int fieldBits = bitFields ? place >>> 24 : 0;
            int resolved = BtfSizes.resolved(types, type);
            if (name != 0) {
                members.add(
                        new Member(
                                types.string(name), bits, fieldBits, BtfSizes.sizeOf(types, type)));
            } else if (isStruct(resolved)) {
                addMembers(resolved, bits, depth + 1, members);
            }
        }
    }

    private boolean isStruct(int id) {
        return types.kind(id) == BtfKind.STRUCT || types.kind(id) == BtfKind.UNION;
    }

    private OptionalLong anyEnumValue(byte[] wanted, boolean onlyAnonymous) {
        for (int id = 1; id < types.count(); id++) {
            int kind = types.kind(id);
            if ((kind == BtfKind.ENUM || kind == BtfKind.ENUM64)
                    && !(onlyAnonymous && types.nameOffset(id) != 0)) {
                OptionalLong value = valueIn(id, wanted);
                if (value.isPresent()) {
                    return value;
                }
            }
        }
        return OptionalLong.empty();
    }

    private OptionalLong valueIn(int id, byte[] wanted) {
        boolean wide = types.kind(id) == BtfKind.ENUM64;
        int at = types.ownData(id);
        for (int value = 0; value < types.vlen(id); value++, at += wide ? 12 : 8) {
            if (types.isString(types.i32(at), wanted)) {
                int low = types.i32(at + 4);
                if (wide) {
                    return OptionalLong.of(
                            (long) types.i32(at + 8) << 32 | Integer.toUnsignedLong(low));
                }
                return OptionalLong.of(types.kindFlag(id) ? low : Integer.toUnsignedLong(low));
            }
        }
        return OptionalLong.empty();
    }

    private static <T> T reading(String source, Supplier<T> read) {
        try {
            return read.get();
        } catch (FormatException e) {
            throw BpfException.of(
                    BpfException.Kind.MALFORMED, "read the BTF of " + source, e.getMessage(), e);
        }
    }
}
