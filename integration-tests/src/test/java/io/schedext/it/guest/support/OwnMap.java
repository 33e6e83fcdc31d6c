// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A map that this process has a file descriptor for, found by its type: nothing that the code
/// under test says of itself is taken for granted.
///
/// @param fd the file descriptor
/// @param maxEntries of a ring, its size in bytes
public record OwnMap(int fd, int maxEntries) {

    // uapi/linux/bpf.h
    public static final int RINGBUF = 27;
    public static final int USER_RINGBUF = 31;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fdinfo");

    /// The only one of its type.
    public static OwnMap only(int type) throws IOException {
        List<OwnMap> maps = new ArrayList<>();
        for (String descriptor : DESCRIPTORS.toFile().list()) {
            List<String> lines;
            try {
                lines = Files.readAllLines(DESCRIPTORS.resolve(descriptor));
            } catch (IOException e) {
                continue; // closed meanwhile
            }
            if (lines.contains("map_type:\t" + type)) {
                maps.add(new OwnMap(Integer.parseInt(descriptor), maxEntries(lines)));
            }
        }
        if (maps.size() != 1) {
            throw new AssertionError(
                    maps.size() + " maps of type " + type + " in this process, not 1");
        }
        return maps.getFirst();
    }

    private static int maxEntries(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("max_entries:"))
                .mapToInt(line -> Integer.parseInt(line.split("\\s+")[1]))
                .findFirst()
                .orElseThrow();
    }
}
