// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.LibbpfFunctions;
import io.schedext.bpf.internal.LibbpfVersion;

/// Keeps libbpf 1.4 from using memory it has freed.
///
/// To resize a data section whose last variable is an array libbpf changes the object's BTF, and
/// with that moves it. Before 1.5 it still has pointers into the old place for each struct_ops map,
/// which load follows. Sections that end in another kind of variable are resized without a change
/// of BTF.
final class ResizeGuard {
    private static final LibbpfVersion FIXED = new LibbpfVersion(1, 5);

    private final LibbpfFunctions libbpf;
    private final long object;
    private final String name;
    private final byte[] elf;

    ResizeGuard(LibbpfFunctions libbpf, long object, String name, byte[] elf) {
        this.libbpf = libbpf;
        this.object = object;
        this.name = name;
        this.elf = elf;
    }

    /// @param map the name of a data section's map
    /// @throws BpfException when this libbpf cannot resize it
    void check(String map) {
        if (libbpf.version().compareTo(FIXED) >= 0 || !hasStructOps()) {
            return;
        }
        if (!map.startsWith(".") || Btf.ofElf(elf).sectionEndsInArray(map)) {
            throw BpfException.of(
                    BpfException.Kind.LIBRARY_TOO_OLD,
                    name + ": resize map " + map,
                    "libbpf "
                            + libbpf.version()
                            + " cannot resize a section that ends in an array, in an object with a struct_ops; end it"
                            + " in a struct, name it by its section, or use libbpf "
                            + FIXED,
                    null);
        }
    }

    private boolean hasStructOps() {
        for (long map = libbpf.bpf_object__next_map.call(object, 0);
                map > 0;
                map = libbpf.bpf_object__next_map.call(object, map)) {
            if (BpfMapType.of(libbpf.bpf_map__type.call(map)) == BpfMapType.STRUCT_OPS) {
                return true;
            }
        }
        return false;
    }
}
