// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian numbers in a byte array, every access checked.
final class LittleEndian {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();

    private LittleEndian() {}

    static int u8(byte[] bytes, int offset) {
        return bytes[offset] & 0xff;
    }

    static int u16(byte[] bytes, int offset) {
        return (short) SHORT.get(bytes, offset) & 0xffff;
    }

    static int i32(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    static long u32(byte[] bytes, int offset) {
        return i32(bytes, offset) & 0xffffffffL;
    }

    static long i64(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }
}
