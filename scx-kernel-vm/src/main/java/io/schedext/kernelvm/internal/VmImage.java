// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm.internal;

import io.schedext.kernelvm.GuestException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The Docker image of the VM for one kernel.
///
/// @param tag its name in the Docker engine
public record VmImage(String tag) {
    /// Finds the image or builds it (about a minute), and starts a Docker engine first where there
    /// is none.
    ///
    /// The recipe is in this jar; Docker's command and bash must be there to follow it.
    ///
    /// @param kernel as [VmOptions#kernel]
    /// @param progress gets a sentence for each slow step
    /// @throws GuestException when it cannot be built; the message says why
    public static VmImage ensure(String kernel, Consumer<String> progress) {
        Path recipe = null;
        try {
            recipe = Files.createTempDirectory("scx-vm-recipe");
            Resources.writeRecipe(recipe);
            Process process =
                    new ProcessBuilder(
                                    recipe.resolve("vm/build-image").toString(), "--kernel", kernel)
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
            throw new GuestException(
                    "cannot run the script that builds the image of the kernel VM", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException("interrupted while the image of the kernel VM was built", e);
        } finally {
            if (recipe != null) {
                delete(recipe);
            }
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // A temporary folder; it only takes room.
        }
    }
}
