// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModulePathTest {
    @TempDir Path folder;

    @Test
    void aModuleIsFoundWithWhatItRequiresAndNothingElse() {
        // A module with dependencies that are certainly there: they run this test.
        List<Path> path = ModulePath.ofThisJvm("org.junit.jupiter.api");
        assertThat(path)
                .extracting(jar -> jar.getFileName().toString())
                .anyMatch(name -> name.startsWith("junit-jupiter-api-"))
                .anyMatch(name -> name.startsWith("opentest4j-"))
                .noneMatch(name -> name.startsWith("assertj"));
    }

    @Test
    void whatIsNoModuleIsLeftAlone() throws IOException {
        Path notAJar = Files.writeString(folder.resolve("1-not.jar"), "no zip file");
        assertThatThrownBy(() -> ModulePath.of("com.example.mine", List.of(notAJar)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("com.example.mine cannot be run")
                .hasMessageContaining("name its module path");
    }
}
