// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/// A folder of the host that the guest sees, filled while the guest runs.
///
/// The guest keeps what it has read of it, so nothing is ever written twice to the same place: each
/// copy has a folder of its own.
final class Staging {
    /// Where the guest sees it.
    static final String GUEST_FOLDER = "/staged";

    private final Path folder;
    private int copies;

    private Staging(Path folder) {
        this.folder = folder;
    }

    /// Empties or makes the folder `staged` below another.
    static Staging below(Path output) {
        Path folder = output.resolve("staged");
        try {
            if (Files.exists(folder)) {
                try (Stream<Path> old = Files.walk(folder)) {
                    for (Path path : old.sorted(java.util.Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty the folder " + folder, e);
        }
        return new Staging(folder);
    }

    /// The folder on the host.
    Path folder() {
        return folder;
    }

    /// Copies a file or a folder with all that is in it.
    ///
    /// @return its path in the guest
    synchronized String copy(Path source) {
        Path name = Path.of(Integer.toString(copies++)).resolve(source.getFileName());
        Path target = folder.resolve(name);
        try {
            Files.createDirectories(target.getParent());
            try (Stream<Path> all = Files.walk(source)) {
                for (Path path : all.sorted().toList()) {
                    Files.copy(
                            path,
                            target.resolve(source.relativize(path).toString()),
                            StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + source + " for the guest", e);
        }
        return GUEST_FOLDER + "/" + name;
    }

    /// Writes a file of this content.
    ///
    /// @return its path in the guest
    synchronized String write(String name, byte[] content) {
        Path path = Path.of(Integer.toString(copies++)).resolve(name);
        try {
            Files.createDirectories(folder.resolve(path).getParent());
            Files.write(folder.resolve(path), content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + name + " for the guest", e);
        }
        return GUEST_FOLDER + "/" + path;
    }
}
