// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import io.schedext.bpf.Btf;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Writes BTF that holds nothing but 64-bit enums, as include/uapi/linux/btf.h has it: the part of
/// a kernel that [KernelConstants] reads.
final class EnumBtf {

    private static final int ENUM64 = 19;

    private final ByteArrayOutputStream types = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();

    EnumBtf() {
        strings.write(0);
    }

    EnumBtf add(String name, Map<String, Long> values) {
        words(string(name), ENUM64 << 24 | values.size(), Long.BYTES);
        values.forEach((valueName, value) ->
                words(string(valueName), value.intValue(), (int) (value >>> 32)));
        return this;
    }

    private int string(String text) {
        int offset = strings.size();
        strings.writeBytes((text + "\0").getBytes(StandardCharsets.UTF_8));
        return offset;
    }

    private void words(int... words) {
        ByteBuffer bytes =
                ByteBuffer.allocate(words.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        types.writeBytes(bytes.array());
    }

    Btf build() {
        ByteBuffer bytes =
                ByteBuffer.allocate(24 + types.size() + strings.size())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putShort((short) 0xeb9f)
                        .put((byte) 1)
                        .put((byte) 0)
                        .putInt(24)
                        .putInt(0)
                        .putInt(types.size())
                        .putInt(types.size())
                        .putInt(strings.size())
                        .put(types.toByteArray())
                        .put(strings.toByteArray());
        return Btf.of(bytes.array());
    }
}
