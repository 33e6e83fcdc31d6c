// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.bpf;

import io.schedext.bpf.Libbpf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The versions of libbpf that the guest has.
enum Library {
    /// What Libbpf finds by itself: Debian 13's 1.5.
    SYSTEM("1\\.([5-9]|\\d\\d)") {
        @Override
        Optional<Path> path() {
            return Optional.ofNullable(System.getProperty("scx.it.libbpf")).map(Path::of);
        }
    },
    /// The oldest that will do, which the guest has in a folder of its own.
    OLDEST("1\\.4") {
        @Override
        Optional<Path> path() {
            String folder = System.getProperty("scx.it.libbpf.oldest", "/opt/libbpf-1.4");
            return Optional.of(renamed(Path.of(folder, SONAME)));
        }
    };

    private static final String SONAME = "libbpf.so.1";

    private final String version;

    Library(String version) {
        this.version = version;
    }

    abstract Optional<Path> path();

    /// A pattern for the version it has.
    String version() {
        return version;
    }

    Libbpf load() {
        return Libbpf.load(path());
    }

    /// A copy that calls itself otherwise. The dynamic linker gives a library that it has loaded to
    /// whoever asks for its soname: without this the other tests of this JVM would get the oldest
    /// one too.
    private static synchronized Path renamed(Path library) {
        Path copy =
                Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "libbpf-oldest-" + ProcessHandle.current().pid());
        if (Files.exists(copy)) {
            return copy;
        }
        try {
            String bytes = Files.readString(library, StandardCharsets.ISO_8859_1);
            String other = bytes.replace(SONAME + '\0', "libbpf.so.o" + '\0');
            Files.writeString(copy, other, StandardCharsets.ISO_8859_1);
            copy.toFile().deleteOnExit();
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
