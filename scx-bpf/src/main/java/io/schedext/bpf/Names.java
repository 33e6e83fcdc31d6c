// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.LibbpfFunctions;
import io.schedext.bpf.internal.Shapes;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// Finds maps and programs by name, and says which there are when there is none of that name.
final class Names {
    private Names() {}

    static long map(LibbpfFunctions libbpf, long object, String objectName, String name) {
        return find(
                libbpf.bpf_object__find_map_by_name,
                libbpf.bpf_object__next_map,
                libbpf.bpf_map__name,
                object,
                objectName + ": map " + name,
                name);
    }

    static long program(LibbpfFunctions libbpf, long object, String objectName, String name) {
        return find(
                libbpf.bpf_object__find_program_by_name,
                libbpf.bpf_object__next_program,
                libbpf.bpf_program__name,
                object,
                objectName + ": program " + name,
                name);
    }

    private static long find(
            Shapes.PointerOfPointerMemory byName,
            Shapes.PointerOfPointerPointer next,
            Shapes.StringOfPointer nameOf,
            long object,
            String operation,
            String name) {
        try (Arena arena = Arena.ofConfined()) {
            long found = byName.call(object, arena.allocateFrom(name));
            if (found > 0) {
                return found;
            }
        }
        List<String> names = new ArrayList<>();
        for (long each = next.call(object, 0); each > 0; each = next.call(object, each)) {
            names.add(nameOf.call(each));
        }
        String there = names.isEmpty() ? "it has none" : "it has " + String.join(", ", names);
        throw BpfException.of(
                BpfException.Kind.NO_SUCH_NAME,
                operation,
                "the object has no such name; " + there,
                null);
    }
}
