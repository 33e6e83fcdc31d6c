// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The range of process ids, for tables that the loop can use without allocating.
final class Pids {

    private static final Path MAX = Path.of("/proc/sys/kernel/pid_max");

    private Pids() {}

    /// One more than the largest there can be.
    static int max() {
        // A sysctl answers the first read only, and Files.readString() begins with one of one byte.
        try (InputStream in = Files.newInputStream(MAX)) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return Integer.parseInt(text.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
