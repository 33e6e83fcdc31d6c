// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.image;

import io.schedext.it.cli.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A root folder with a shell, the C library, an image, and nothing else: no Java, no libbpf, no
/// command. Programs see it as their whole file system, with `/proc` in it.
final class BareMachine {

    private static final List<Path> LIBRARY_FOLDERS =
            List.of(Path.of("/lib64"), Path.of("/lib/x86_64-linux-gnu"), Path.of("/usr/lib64"));

    private static final List<String> C_LIBRARY =
            List.of(
                    "ld-linux-x86-64.so.2",
                    "libc.so.6",
                    "libm.so.6",
                    "libdl.so.2",
                    "librt.so.1",
                    "libpthread.so.0");

    private static final int PATIENCE_SECONDS = 60;

    private final Path root;
    private final String name;

    private BareMachine(Path root, String name) {
        this.root = root;
        this.name = name;
    }

    /// With the image of a scheduler in `/opt`, in a folder that is made anew.
    static BareMachine with(String name, Path root) throws IOException, InterruptedException {
        if (Files.exists(root)) {
            try (Stream<Path> old = Files.walk(root)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        for (String folder : List.of("bin", "opt", "proc", "tmp")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.copy(Path.of("/bin/sh").toRealPath(), root.resolve("bin/sh"));
        for (String library : C_LIBRARY) {
            // each distribution's dynamic linker looks elsewhere
            Path found = find(library);
            Path there = root.resolve(found.toString().substring(1));
            Files.createDirectories(there.getParent());
            Files.copy(found, there);
        }
        // as a user would: dates and links stay
        Outcome copied =
                run(List.of("cp", "-a", Launch.image(name).toString(), root + "/opt/"), root);
        if (copied.status() != 0) {
            throw new AssertionError(copied.err());
        }
        return new BareMachine(root, name);
    }

    private static Path find(String library) {
        return LIBRARY_FOLDERS.stream()
                .map(folder -> folder.resolve(library))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new AssertionError("this machine has no " + library));
    }

    /// The image's folder, seen from outside.
    Path image() {
        return root.resolve("opt").resolve(name);
    }

    /// Starts the scheduler there, and waits for its end.
    Outcome run(String... arguments) throws IOException, InterruptedException {
        String script =
                "mount --rbind /proc \"$1/proc\" && root=$1 && shift && exec chroot \"$root\" \"$@\"";
        List<String> words =
                Stream.concat(
                                Stream.of(
                                        "unshare",
                                        "--mount",
                                        "--map-root-user",
                                        "sh",
                                        "-c",
                                        script,
                                        "sh",
                                        root.toString(),
                                        "/opt/" + name + "/bin/" + name),
                                Stream.of(arguments))
                        .toList();
        return run(words, root);
    }

    /// How a program ended.
    record Outcome(int status, String out, String err) {}

    static Outcome run(List<String> words, Path folder) throws IOException, InterruptedException {
        Path out = Files.createTempFile("bare", ".out");
        Path err = Files.createTempFile("bare", ".err");
        try {
            Process process =
                    new ProcessBuilder(words)
                            .directory(folder.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile())
                            .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(words + " did not end:\n" + Files.readString(err));
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
