// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.cli;

import io.schedext.bpf.internal.ElfSection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The guest's libbpf with another version number in it: no distribution has one that is too old
/// and runs beside Debian 13's libc.
final class OldLibbpf {

    private static final Path SYSTEM = Path.of("/usr/lib/x86_64-linux-gnu/libbpf.so.1");
    private static final int SYMBOL_BYTES = 24; // elf.h: Elf64_Sym
    private static final int SYMBOL_VALUE = 8;

    private static final int ENDBR64 = 0xfa1e0ff3;
    private static final byte MOV_EAX = (byte) 0xb8;
    private static final byte RET = (byte) 0xc3;

    private OldLibbpf() {}

    /// The library's bytes, `libbpf_minor_version()` returning this.
    static byte[] pretendingToBe(int minor) throws IOException {
        ByteBuffer library =
                ByteBuffer.wrap(Files.readAllBytes(SYSTEM)).order(ByteOrder.LITTLE_ENDIAN);
        int at = addressOf("libbpf_minor_version", library.array());
        if (library.getInt(at) == ENDBR64) {
            at += Integer.BYTES;
        }
        if (library.get(at) != MOV_EAX || library.get(at + 5) != RET) {
            throw new AssertionError("libbpf_minor_version() is not what compilers make of it");
        }
        library.putInt(at + 1, minor);
        return library.array();
    }

    /// A function's address, which in a shared library is its place in the file too: the linker
    /// gives code and what is before it the same distance.
    private static int addressOf(String function, byte[] elf) {
        ByteBuffer symbols =
                ByteBuffer.wrap(ElfSection.find(elf, ".dynsym").orElseThrow())
                        .order(ByteOrder.LITTLE_ENDIAN);
        String names =
                new String(
                        ElfSection.find(elf, ".dynstr").orElseThrow(), StandardCharsets.ISO_8859_1);
        for (int at = 0; at < symbols.capacity(); at += SYMBOL_BYTES) {
            if (names.startsWith(function + "\0", symbols.getInt(at))) {
                return Math.toIntExact(symbols.getLong(at + SYMBOL_VALUE));
            }
        }
        throw new AssertionError("libbpf has no " + function);
    }
}
