// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// BTF bytes with an index by name.
///
/// A kernel has 150,000 types and may be an emulated one, so the index is three arrays of numbers,
/// filled in one pass, and no object exists per type. The pass also checks every record's bounds,
/// and its name's.
public final class BtfTypes {
    private static final int MAGIC = 0xeb9f;
    private static final int HEADER_BYTES = 24;

    /// Since Linux 7.1 the header may point to a table with the record sizes of every kind.
    private static final int HEADER_BYTES_WITH_LAYOUT = 32;

    private static final int LAYOUT_ENTRY_BYTES = 4;
    private static final int TYPE_BYTES = 12;
    private static final int VLEN_MASK = 0xffffff;
    private static final int KIND_MASK = 0x7f;

    private final byte[] bytes;
    private final int strings;
    private final int stringsEnd;
    private final int layouts;
    private final int layoutCount;

    /// Where type i begins; type 0 is void and has no record.
    private final int[] offsets;

    private final int count;

    /// Types of equal hash: the newest in the bucket, then by `next`; 0 ends.
    private final int[] buckets;

    private final int[] next;

    /// @param bytes what a `.BTF` section or /sys/kernel/btf/vmlinux holds; kept, not copied
    /// @throws FormatException when it is not BTF, or broken
    public BtfTypes(byte[] bytes) {
        this.bytes = bytes;
        if (bytes.length < HEADER_BYTES || LittleEndian.u16(bytes, 0) != MAGIC) {
            throw new FormatException("this is no little-endian BTF");
        }
        int version = LittleEndian.u8(bytes, 2);
        if (version != 1) {
            throw new FormatException("BTF of version " + version + " is newer than this library");
        }
        long header = LittleEndian.u32(bytes, 4);
        if (header < HEADER_BYTES) {
            throw new FormatException("the BTF header is too short: " + header);
        }
        int types = section(header, 8, "types");
        int typesEnd = types + LittleEndian.i32(bytes, 12);
        this.strings = section(header, 16, "strings");
        this.stringsEnd = strings + LittleEndian.i32(bytes, 20);
        if (stringsEnd == strings || bytes[strings] != 0 || bytes[stringsEnd - 1] != 0) {
            throw new FormatException("the BTF strings do not begin and end with 0");
        }
        boolean hasLayouts =
                header >= HEADER_BYTES_WITH_LAYOUT && bytes.length >= HEADER_BYTES_WITH_LAYOUT;
        this.layouts = hasLayouts ? section(header, 24, "layouts") : 0;
        this.layoutCount = hasLayouts ? LittleEndian.i32(bytes, 28) / LAYOUT_ENTRY_BYTES : 0;

        int most = (typesEnd - types) / TYPE_BYTES + 1;
        this.offsets = new int[most];
        this.next = new int[most];
        this.buckets = new int[Integer.highestOneBit(Math.max(most, 2))];
        this.count = index(types, typesEnd);
    }

    private int section(long header, int at, String what) {
        long start = header + LittleEndian.u32(bytes, at);
        if (start + LittleEndian.u32(bytes, at + 4) > bytes.length) {
            throw new FormatException("the BTF " + what + " end outside the data");
        }
        return (int) start;
    }

    private int index(int types, int typesEnd) {
        int id = 1;
        int at = types;
        while (at < typesEnd) {
            if (typesEnd - at < TYPE_BYTES) {
                throw new FormatException("BTF type " + id + " ends outside the types");
            }
            long end = at + recordBytes(id, LittleEndian.i32(bytes, at + 4));
            if (end > typesEnd) {
                throw new FormatException("BTF type " + id + " ends outside the types");
            }
            offsets[id] = at;
            int name = LittleEndian.i32(bytes, at);
            if (name != 0) {
                int bucket = hash(id, name) & (buckets.length - 1);
                next[id] = buckets[bucket];
                buckets[bucket] = id;
            }
            at = (int) end;
            id++;
        }
        return id;
    }

    private long recordBytes(int id, int info) {
        int kind = kindOf(info);
        long elements = vlenOf(info);
        if (BtfKind.isKnown(kind)) {
            return TYPE_BYTES + BtfKind.ownBytes(kind) + elements * BtfKind.elementBytes(kind);
        }
        if (kind == 0 || kind >= layoutCount) {
            throw new FormatException(
                    "BTF type "
                            + id
                            + " is of kind "
                            + kind
                            + ", which this library does not know");
        }
        int entry = layouts + kind * LAYOUT_ENTRY_BYTES;
        return TYPE_BYTES
                + LittleEndian.u8(bytes, entry)
                + elements * LittleEndian.u8(bytes, entry + 1);
    }

    private int hash(int id, int name) {
        if (name < 0 || name >= stringsEnd - strings) {
            throw new FormatException("the name of BTF type " + id + " is outside the strings");
        }
        int hash = 0;
        for (int at = strings + name; bytes[at] != 0; at++) {
            hash = 31 * hash + bytes[at];
        }
        return spread(hash);
    }

    private static int hash(byte[] name) {
        int hash = 0;
        for (byte b : name) {
            hash = 31 * hash + b;
        }
        return spread(hash);
    }

    private static int spread(int hash) {
        return hash ^ hash >>> 15;
    }

    /// How many types there are, void included: ids are 1 to this, exclusive.
    public int count() {
        return count;
    }

    /// The first type of this name whose kind is in the set, or 0.
    ///
    /// @param kinds a set of kinds, see [BtfKind#set]
    public int find(String name, int kinds) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        int first = 0;
        for (int id = buckets[hash(wanted) & (buckets.length - 1)]; id != 0; id = next[id]) {
            if (BtfKind.contains(kinds, kind(id)) && isString(nameOffset(id), wanted)) {
                first = id;
            }
        }
        return first;
    }

    /// The kind of a type.
    ///
    /// @throws FormatException when there is no such type; so all methods below that take an id
    public int kind(int id) {
        return kindOf(i32(offset(id) + 4));
    }

    /// How many elements a type has.
    public int vlen(int id) {
        return vlenOf(i32(offset(id) + 4));
    }

    /// The flag that changes what the elements mean: bit-fields in structs, signed values in enums.
    public boolean kindFlag(int id) {
        return i32(offset(id) + 4) < 0;
    }

    /// A size in bytes or another type's id, by kind.
    public int sizeOrType(int id) {
        return i32(offset(id) + 8);
    }

    /// Where in the strings a type's name stands; 0 for a type without a name.
    public int nameOffset(int id) {
        return i32(offset(id));
    }

    /// Where a type's own data begins, for [#i32].
    public int ownData(int id) {
        return offset(id) + TYPE_BYTES;
    }

    /// A number of a type's own data.
    public int i32(int at) {
        return LittleEndian.i32(bytes, at);
    }

    /// A string.
    ///
    /// @throws FormatException when it is outside the strings
    public String string(int offset) {
        int start = stringStart(offset);
        int end = start;
        while (bytes[end] != 0) {
            end++;
        }
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    /// Whether a string is this one.
    ///
    /// @throws FormatException when it is outside the strings
    public boolean isString(int offset, byte[] wanted) {
        int start = stringStart(offset);
        int end = start + wanted.length;
        return end < stringsEnd
                && bytes[end] == 0
                && Arrays.equals(bytes, start, end, wanted, 0, wanted.length);
    }

    private int stringStart(int offset) {
        if (offset < 0 || offset >= stringsEnd - strings) {
            throw new FormatException("a BTF name is outside the strings: " + offset);
        }
        return strings + offset;
    }

    private int offset(int id) {
        if (id <= 0 || id >= count) {
            throw new FormatException("there is no BTF type " + id);
        }
        return offsets[id];
    }

    private static int kindOf(int info) {
        return info >>> 24 & KIND_MASK;
    }

    private static int vlenOf(int info) {
        return info & VLEN_MASK;
    }
}
