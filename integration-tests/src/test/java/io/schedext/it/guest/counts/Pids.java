// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.it.guest.support.Sysctl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// The range of process ids, for tables that the loop can use without allocating.
final class Pids {

    private static final Path MAX = Path.of("/proc/sys/kernel/pid_max");

    private Pids() {}

    /// One more than the largest there can be.
    static int max() {
        try {
            return Integer.parseInt(Sysctl.read(MAX));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
