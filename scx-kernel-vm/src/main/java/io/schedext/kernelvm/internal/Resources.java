// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The files that travel in this jar: the recipe of the image, and the options of a scheduler's
/// JVM.
public final class Resources {
    /// All of the recipe: a jar cannot be asked what it holds, wherever it may be.
    static final List<String> RECIPE =
            List.of(
                    "vm/build-image",
                    "vm/ensure-docker",
                    "vm/list-kernels",
                    "vm/image/Dockerfile",
                    "vm/image/agent.c",
                    "vm/image/attach.c",
                    "vm/image/init",
                    "vm/image/install-kernel",
                    "vm/image/install-tools",
                    "vm/image/load.c",
                    "vm/image/load.h",
                    "vm/image/run",
                    "vm/image/threads.c",
                    "vm/kernel/Dockerfile",
                    "vm/kernel/build-kernel",
                    "vm/kernel/kernel.config");

    private Resources() {}

    /// The content of a file.
    ///
    /// @param name relative to this package
    public static byte[] read(String name) {
        try (InputStream in = Resources.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("scx-kernel-vm was built without " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " of scx-kernel-vm", e);
        }
    }

    /// Writes the recipe to a folder: what begins as a script does may be executed, as in the
    /// source tree, or the image would be another one.
    ///
    /// @throws IOException when it cannot be written
    static void writeRecipe(Path folder) throws IOException {
        for (String name : RECIPE) {
            byte[] content = read(name);
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            boolean script = content.length > 2 && content[0] == '#' && content[1] == '!';
            Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString(script ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
