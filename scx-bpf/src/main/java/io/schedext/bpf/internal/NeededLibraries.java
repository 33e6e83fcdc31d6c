// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The libraries that a shared library asks the dynamic linker for (elf.h: `DT_NEEDED`).
final class NeededLibraries {
    private static final int ENTRY_BYTES = 16; // Elf64_Dyn: d_tag, d_val
    private static final long DT_NULL = 0;
    private static final long DT_NEEDED = 1;

    private NeededLibraries() {}

    /// Their names, in the file's order; none of a file that cannot be read or understood: what is
    /// wrong with it the dynamic linker says best.
    static List<String> of(Path library) {
        try {
            byte[] file = Files.readAllBytes(library);
            Optional<byte[]> entries = ElfSection.find(file, ".dynamic");
            Optional<byte[]> names = ElfSection.find(file, ".dynstr");
            return entries.isEmpty() || names.isEmpty()
                    ? List.of()
                    : needed(entries.get(), names.get());
        } catch (IOException | FormatException e) {
            return List.of();
        }
    }

    private static List<String> needed(byte[] entries, byte[] names) {
        List<String> needed = new ArrayList<>();
        for (int at = 0; at + ENTRY_BYTES <= entries.length; at += ENTRY_BYTES) {
            long tag = LittleEndian.i64(entries, at);
            if (tag == DT_NULL) {
                break;
            }
            if (tag == DT_NEEDED) {
                needed.add(nameAt(names, LittleEndian.i64(entries, at + Long.BYTES)));
            }
        }
        return List.copyOf(needed);
    }

    private static String nameAt(byte[] names, long offset) {
        if (offset < 0 || offset >= names.length) {
            throw new FormatException("a name of this ELF file lies outside its table");
        }
        int start = (int) offset;
        int end = start;
        while (end < names.length && names[end] != 0) {
            end++;
        }
        return new String(names, start, end - start, StandardCharsets.UTF_8);
    }
}
