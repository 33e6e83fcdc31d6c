// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes BTF by hand, type after type, as include/uapi/linux/btf.h has it. Each method returns the
/// new type's id.
final class BtfBuilder {
    private static final int HEADER_BYTES = 24;
    private static final int KIND_FLAG = 1 << 31;

    private final ByteArrayOutputStream types = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private byte[] layouts = {};
    private int ids;

    BtfBuilder() {
        strings.write(0);
    }

    int integer(String name, int bytes) {
        return type(name, 1, 0, bytes, bytes * 8);
    }

    int pointer(int to) {
        return type("", 2, 0, to);
    }

    int array(int of, int elements) {
        return type("", 3, 0, 0, of, 1, elements);
    }

    int typedef(String name, int of) {
        return type(name, 8, 0, of);
    }

    int constant(int of) {
        return type("", 10, 0, of);
    }

    int forward(String name) {
        return type(name, 7, 0, 0);
    }

    int function(String name) {
        int prototype = type("", 13, 0, 0);
        return type(name, 12, 0, prototype);
    }

    int declTag(String name, int of) {
        return type(name, 17, 0, of, -1);
    }

    /// A data section with one variable.
    int section(String name, String variable, int type) {
        int id = type(variable, 14, 0, type, 1);
        return type(name, 15, 1, 0, id, 0, 0);
    }

    /// One member; `bits` other than 0 makes it a bit-field.
    record Field(String name, int type, int bitOffset, int bits) {
        Field(String name, int type, int bitOffset) {
            this(name, type, bitOffset, 0);
        }
    }

    int struct(String name, int bytes, Field... fields) {
        return aggregate(4, name, bytes, fields);
    }

    int union(String name, int bytes, Field... fields) {
        return aggregate(5, name, bytes, fields);
    }

    private int aggregate(int kind, String name, int bytes, Field... fields) {
        boolean bitFields = false;
        for (Field field : fields) {
            bitFields |= field.bits() != 0;
        }
        int[] own = new int[fields.length * 3];
        for (int i = 0; i < fields.length; i++) {
            own[i * 3] = string(fields[i].name());
            own[i * 3 + 1] = fields[i].type();
            own[i * 3 + 2] = fields[i].bitOffset() | fields[i].bits() << 24;
        }
        return type(name, kind, fields.length | (bitFields ? KIND_FLAG : 0), bytes, own);
    }

    /// One name of an enum.
    record Value(String name, long value) {}

    int enumeration(String name, boolean signed, Value... values) {
        int[] own = new int[values.length * 2];
        for (int i = 0; i < values.length; i++) {
            own[i * 2] = string(values[i].name());
            own[i * 2 + 1] = (int) values[i].value();
        }
        return type(name, 6, values.length | (signed ? KIND_FLAG : 0), 4, own);
    }

    int enumeration64(String name, Value... values) {
        int[] own = new int[values.length * 3];
        for (int i = 0; i < values.length; i++) {
            own[i * 3] = string(values[i].name());
            own[i * 3 + 1] = (int) values[i].value();
            own[i * 3 + 2] = (int) (values[i].value() >>> 32);
        }
        return type(name, 19, values.length, 8, own);
    }

    /// Any type: `info` holds the number of elements and the kind flag.
    int type(String name, int kind, int info, int sizeOrType, int... own) {
        ByteBuffer record = ByteBuffer.allocate(12 + own.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(string(name)).putInt(info | kind << 24).putInt(sizeOrType);
        for (int word : own) {
            record.putInt(word);
        }
        types.writeBytes(record.array());
        return ++ids;
    }

    /// Adds the table of record sizes that Linux 7.1 brought: for each kind the bytes of its own
    /// and per element.
    BtfBuilder layouts(int kinds, int kind, int own, int element) {
        layouts = new byte[kinds * 4];
        layouts[kind * 4] = (byte) own;
        layouts[kind * 4 + 1] = (byte) element;
        return this;
    }

    private int string(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        int offset = strings.size();
        strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        strings.write(0);
        return offset;
    }

    byte[] build() {
        int header = HEADER_BYTES + (layouts.length == 0 ? 0 : 8);
        ByteBuffer btf =
                ByteBuffer.allocate(header + types.size() + strings.size() + layouts.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        btf.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(header);
        btf.putInt(0).putInt(types.size()).putInt(types.size()).putInt(strings.size());
        if (layouts.length != 0) {
            btf.putInt(types.size() + strings.size()).putInt(layouts.length);
        }
        return btf.put(types.toByteArray()).put(strings.toByteArray()).put(layouts).array();
    }

    /// The BTF as the only section of an ELF file, beside the table of names.
    byte[] buildElf(String section) {
        byte[] btf = build();
        byte[] names = ("\0" + section + "\0.shstrtab\0").getBytes(StandardCharsets.UTF_8);
        int namesAt = 64 + btf.length;
        int table = (namesAt + names.length + 7) / 8 * 8;
        ByteBuffer elf = ByteBuffer.allocate(table + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        elf.putLong(40, table)
                .putShort(58, (short) 64)
                .putShort(60, (short) 3)
                .putShort(62, (short) 2);
        elf.position(64).put(btf).put(names);
        sectionHeader(elf, table + 64, 1, 64, btf.length);
        sectionHeader(elf, table + 128, section.length() + 2, namesAt, names.length);
        return elf.array();
    }

    private static void sectionHeader(ByteBuffer elf, int at, int name, int offset, int bytes) {
        elf.putInt(at, name).putInt(at + 4, 1).putLong(at + 24, offset).putLong(at + 32, bytes);
    }
}
