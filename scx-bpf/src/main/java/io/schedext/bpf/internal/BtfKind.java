// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

/// The kinds of BTF types and how long their records are (`include/uapi/linux/btf.h`).
public final class BtfKind {
    public static final int INT = 1;
    public static final int PTR = 2;
    public static final int ARRAY = 3;
    public static final int STRUCT = 4;
    public static final int UNION = 5;
    public static final int ENUM = 6;
    public static final int FWD = 7;
    public static final int TYPEDEF = 8;
    public static final int VOLATILE = 9;
    public static final int CONST = 10;
    public static final int RESTRICT = 11;
    public static final int FUNC = 12;
    public static final int FUNC_PROTO = 13;
    public static final int VAR = 14;
    public static final int DATASEC = 15;
    public static final int FLOAT = 16;
    public static final int DECL_TAG = 17;
    public static final int TYPE_TAG = 18;
    public static final int ENUM64 = 19;

    /// Bytes after the common 12, per type and per element, by kind.
    private static final int[] OWN = {0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};

    private static final int[] ELEMENT = {
        0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12
    };

    private BtfKind() {}

    static boolean isKnown(int kind) {
        return kind > 0 && kind < OWN.length;
    }

    static int ownBytes(int kind) {
        return OWN[kind];
    }

    static int elementBytes(int kind) {
        return ELEMENT[kind];
    }

    /// A set of kinds, as bits.
    public static int set(int... kinds) {
        int set = 0;
        for (int kind : kinds) {
            set |= 1 << kind;
        }
        return set;
    }

    /// Whether a kind, known or not, is in a set.
    static boolean contains(int set, int kind) {
        return kind < Integer.SIZE && (set >>> kind & 1) != 0;
    }

    /// Whether a type of this kind only stands before another, which it names or qualifies.
    static boolean isModifier(int kind) {
        return switch (kind) {
            case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG -> true;
            default -> false;
        };
    }
}
