// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.util.ArrayList;
import java.util.List;

/// A version of libbpf, and what the older ones cannot do.
public record LibbpfVersion(int major, int minor) implements Comparable<LibbpfVersion> {
    /// The oldest that works.
    public static final LibbpfVersion OLDEST = new LibbpfVersion(1, 4);

    /// What came with a version and is needed here; from libbpf's release notes.
    private record Need(LibbpfVersion since, String what) {}

    private static final List<Need> NEEDS =
            List.of(
                    new Need(new LibbpfVersion(1, 0), "report errors as this library expects them"),
                    new Need(new LibbpfVersion(1, 2), "attach a struct_ops map through a link"),
                    new Need(new LibbpfVersion(1, 3), "resize a .data section"),
                    new Need(
                            OLDEST,
                            "leave out the members of a struct_ops that the kernel lacks, nor set them before load"));

    /// Whether this library works with it.
    public boolean isSupported() {
        return compareTo(OLDEST) >= 0;
    }

    /// What it cannot do, as the end of a sentence: `cannot ...; cannot ...`.
    public String lacks() {
        List<String> lacks = new ArrayList<>();
        for (Need need : NEEDS) {
            if (compareTo(need.since()) < 0) {
                lacks.add("cannot " + need.what());
            }
        }
        return String.join(", ", lacks);
    }

    @Override
    public int compareTo(LibbpfVersion other) {
        return major != other.major
                ? Integer.compare(major, other.major)
                : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
