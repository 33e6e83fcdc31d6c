// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// The Docker image of the VM for one kernel.
///
/// @param tag its name in the Docker engine
public record VmImage(String tag) {
    private static final String SCRIPT = "integration-tests/vm/build-image";

    /// Finds the image or builds it (about a minute), and starts a Docker engine first where there
    /// is none.
    ///
    /// The recipe is looked for in the folder named by the system property `scx.vm.recipe`, then
    /// upwards from the working folder.
    ///
    /// @param kernel as [VmOptions#kernel]
    /// @param progress gets a sentence for each slow step
    /// @throws GuestException when it cannot be built; the message says why
    public static VmImage ensure(String kernel, Consumer<String> progress) {
        Path script = script();
        try {
            Process process =
                    new ProcessBuilder(script.toString(), "--kernel", kernel)
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            String tag = "";
            Deque<String> tail = new ArrayDeque<>();
            try (var reader =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    if (line.startsWith("scx-vm:")) {
                        tag = line;
                    } else {
                        progress.accept(line);
                    }
                    tail.addLast(line);
                    if (tail.size() > 30) {
                        tail.removeFirst();
                    }
                }
            }
            int status = process.waitFor();
            if (status != 0 || tag.isEmpty()) {
                throw new GuestException(
                        "the image of the kernel VM cannot be built (status %d):%n%s"
                                .formatted(status, String.join("\n", tail)));
            }
            return new VmImage(tag);
        } catch (IOException e) {
            throw new GuestException("cannot run " + script, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException("interrupted while the image of the kernel VM was built", e);
        }
    }

    private static Path script() {
        String recipe = System.getProperty("scx.vm.recipe");
        if (recipe != null) {
            return Path.of(recipe, "build-image");
        }
        for (Path folder = Path.of("").toAbsolutePath();
                folder != null;
                folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve(SCRIPT))) {
                return folder.resolve(SCRIPT);
            }
        }
        throw new GuestException(
                "the recipe of the kernel VM is not found: run within the project's folder, or set -Dscx.vm.recipe");
    }
}
