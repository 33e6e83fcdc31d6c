// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads settings of the kernel under /proc/sys.
public final class Sysctl {

    private Sysctl() {}

    /// The value, without the end of its line.
    public static String read(Path file) throws IOException {
        // it answers the first read only, and Files.readString() begins with one of one byte
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }
}
