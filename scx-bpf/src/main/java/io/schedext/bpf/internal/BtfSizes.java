// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

/// How many bytes a value of a BTF type takes.
public final class BtfSizes {
    private static final int POINTER_BYTES = 8;

    /// Far deeper than any C type; a chain of typedefs that bites its own tail ends here.
    private static final int DEEPEST = 64;

    private BtfSizes() {}

    /// The size of a type, in bytes.
    ///
    /// @throws FormatException when it has none, or refers to itself
    public static long sizeOf(BtfTypes types, int id) {
        long elements = 1;
        int at = id;
        for (int depth = 0; depth < DEEPEST; depth++) {
            switch (types.kind(at)) {
                case BtfKind.INT,
                        BtfKind.FLOAT,
                        BtfKind.STRUCT,
                        BtfKind.UNION,
                        BtfKind.ENUM,
                        BtfKind.ENUM64,
                        BtfKind.DATASEC -> {
                    return elements * Integer.toUnsignedLong(types.sizeOrType(at));
                }
                case BtfKind.PTR -> {
                    return elements * POINTER_BYTES;
                }
                case BtfKind.ARRAY -> {
                    int array = types.ownData(at);
                    elements *= Integer.toUnsignedLong(types.i32(array + 8));
                    at = types.i32(array);
                }
                default -> at = referred(types, at);
            }
        }
        throw new FormatException("BTF type " + id + " refers to itself");
    }

    /// The type behind typedefs and qualifiers.
    ///
    /// @throws FormatException when it refers to itself
    public static int resolved(BtfTypes types, int id) {
        int at = id;
        for (int depth = 0; depth < DEEPEST; depth++) {
            if (!BtfKind.isModifier(types.kind(at))) {
                return at;
            }
            at = types.sizeOrType(at);
        }
        throw new FormatException("BTF type " + id + " refers to itself");
    }

    private static int referred(BtfTypes types, int id) {
        if (!BtfKind.isModifier(types.kind(id))) {
            throw new FormatException("BTF type " + id + " has no size");
        }
        return types.sizeOrType(id);
    }
}
