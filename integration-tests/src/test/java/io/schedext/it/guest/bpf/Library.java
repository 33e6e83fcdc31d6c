// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.bpf;

import io.schedext.bpf.Libbpf;
import java.nio.file.Path;
import java.util.Optional;

/// The versions of libbpf that the guest has.
enum Library {
    /// What Libbpf finds by itself: Debian 13's 1.5.
    SYSTEM("1\\.([5-9]|\\d\\d)", System.getProperty("scx.it.libbpf")),
    /// The oldest that will do, which the guest has in a folder of its own.
    OLDEST("1\\.4", System.getProperty("scx.it.libbpf.oldest", "/opt/libbpf-1.4"));

    private final String version;
    private final String path;

    Library(String version, String path) {
        this.version = version;
        this.path = path;
    }

    /// A pattern for the version it has.
    String version() {
        return version;
    }

    Libbpf load() {
        return Libbpf.load(Optional.ofNullable(path).map(Path::of));
    }
}
