// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Finds one section of a 64-bit little-endian ELF file (elf.h: `Elf64_Ehdr`, `Elf64_Shdr`).
public final class ElfSection {
    private static final int FILE_HEADER_BYTES = 64;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int ELFCLASS64 = 2;
    private static final int ELFDATA2LSB = 1;
    private static final int SHT_NOBITS = 8;
    private static final int SHN_XINDEX = 0xffff;

    private final byte[] file;

    private ElfSection(byte[] file) {
        this.file = file;
    }

    /// A copy of the first section of this name.
    ///
    /// @throws FormatException when this is no such ELF file, or a broken one
    public static Optional<byte[]> find(byte[] file, String name) {
        return new ElfSection(file).find(name.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<byte[]> find(byte[] name) {
        if (file.length < FILE_HEADER_BYTES
                || file[0] != 0x7f
                || file[1] != 'E'
                || file[2] != 'L'
                || file[3] != 'F') {
            throw new FormatException("this is no ELF file");
        }
        if (file[4] != ELFCLASS64 || file[5] != ELFDATA2LSB) {
            throw new FormatException("this ELF file is not a 64-bit little-endian one");
        }
        long table = LittleEndian.i64(file, 40);
        int entryBytes = LittleEndian.u16(file, 58);
        int count = LittleEndian.u16(file, 60);
        int names = LittleEndian.u16(file, 62);
        if (count == 0) {
            return Optional.empty();
        }
        if (entryBytes != SECTION_HEADER_BYTES || names == SHN_XINDEX || names >= count) {
            throw new FormatException("this ELF file's section table is broken");
        }
        checkRange(table, (long) count * SECTION_HEADER_BYTES);
        int nameTable =
                (int)
                        LittleEndian.i64(
                                file, checkedContent((int) table + names * SECTION_HEADER_BYTES));
        for (int section = 0; section < count; section++) {
            int header = (int) table + section * SECTION_HEADER_BYTES;
            if (isNamed(header, nameTable, name)) {
                int start = (int) LittleEndian.i64(file, checkedContent(header));
                int size = (int) LittleEndian.i64(file, header + 32);
                return Optional.of(Arrays.copyOfRange(file, start, start + size));
            }
        }
        return Optional.empty();
    }

    private boolean isNamed(int header, int nameTable, byte[] name) {
        long start = nameTable + LittleEndian.u32(file, header);
        if (start + name.length >= file.length) {
            return false;
        }
        int from = (int) start;
        int to = from + name.length;
        return Arrays.equals(file, from, to, name, 0, name.length) && file[to] == 0;
    }

    /// @return where the section's file offset stands, once offset and size are known to lie in the
    ///   file
    private int checkedContent(int header) {
        if (LittleEndian.i32(file, header + 4) == SHT_NOBITS) {
            throw new FormatException("a section of this ELF file has no bytes");
        }
        checkRange(LittleEndian.i64(file, header + 24), LittleEndian.i64(file, header + 32));
        return header + 24;
    }

    private void checkRange(long start, long bytes) {
        if (start < 0 || bytes < 0 || start > file.length || bytes > file.length - start) {
            throw new FormatException("a section of this ELF file ends outside it");
        }
    }
}
