// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A map that this process has a file descriptor for, found by its type: nothing that the code
/// under test says of itself is taken for granted.
///
/// @param fd the file descriptor
/// @param id the kernel's id of the map
/// @param maxEntries of a ring, its size in bytes
public record OwnMap(int fd, int id, int maxEntries) {

    // uapi/linux/bpf.h
    public static final int RINGBUF = 27;
    public static final int TASK_STORAGE = 29;
    public static final int USER_RINGBUF = 31;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fdinfo");

    /// All of one type, by each of their file descriptors.
    public static List<OwnMap> all(int type) {
        List<OwnMap> maps = new ArrayList<>();
        for (String descriptor : DESCRIPTORS.toFile().list()) {
            List<String> lines;
            try {
                lines = Files.readAllLines(DESCRIPTORS.resolve(descriptor));
            } catch (IOException e) {
                continue; // closed meanwhile
            }
            if (lines.contains("map_type:\t" + type)) {
                maps.add(
                        new OwnMap(
                                Integer.parseInt(descriptor),
                                number(lines, "map_id:"),
                                number(lines, "max_entries:")));
            }
        }
        return maps;
    }

    /// The kernel's ids of all of one type.
    public static Set<Integer> ids(int type) {
        return all(type).stream().map(OwnMap::id).collect(Collectors.toSet());
    }

    /// The only one of its type.
    public static OwnMap only(int type) {
        List<OwnMap> maps = all(type);
        if (maps.size() != 1) {
            throw new AssertionError(
                    maps.size() + " maps of type " + type + " in this process, not 1");
        }
        return maps.getFirst();
    }

    private static int number(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToInt(line -> Integer.parseInt(line.split("\\s+")[1]))
                .findFirst()
                .orElseThrow();
    }
}
