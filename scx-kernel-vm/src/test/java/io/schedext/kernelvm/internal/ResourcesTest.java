// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourcesTest {
    @TempDir Path folder;

    /// Or the image that a user builds from the jar would be another one than this tree's.
    @Test
    void theRecipeInTheJarIsTheOneInTheTree() throws IOException {
        Resources.writeRecipe(folder);
        assertThat(files(folder.resolve("vm")))
                .containsExactlyElementsOf(
                        files(Path.of("vm")).stream()
                                .filter(name -> !name.equals("run-guest"))
                                .toList());
        for (String name : files(folder.resolve("vm"))) {
            Path written = folder.resolve("vm").resolve(name);
            Path original = Path.of("vm").resolve(name);
            assertThat(written).as(name).hasSameBinaryContentAs(original);
            assertThat(Files.isExecutable(written))
                    .as(name + " is executable")
                    .isEqualTo(Files.isExecutable(original));
        }
    }

    @Test
    void optionsOfTheJvmAreThoseOfTheSchedulers() {
        assertThat(new String(Resources.read("jvm-options")))
                .contains("--enable-native-access=io.schedext.bpf,io.schedext.core\n");
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
