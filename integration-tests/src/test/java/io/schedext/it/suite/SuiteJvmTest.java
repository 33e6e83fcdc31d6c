// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.kernelvm.VmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteJvmTest {
    @TempDir Path folder;

    @Test
    void theArchiveIsUsedAndTheClassPathNamesEveryJar() throws Exception {
        SuiteJvm jvm = SuiteJvm.prepare(folder.resolve("lib"));
        assertThat(folder.resolve("lib/suite.jsa")).isNotEmptyFile();

        var selection = new GuestSelection("NoSuchTest", "gate", GuestSelection.DEFAULT_LIMIT);
        List<String> words = new ArrayList<>(jvm.command(VmOptions.defaults(folder), selection));
        words.removeIf(word -> word.startsWith("-XX:ErrorFile"));
        words.add(1, "-Xlog:class+load");
        words.add(1, "-XshowSettings:properties");
        String output = run(words);

        assertThat(
                        output.lines()
                                .filter(line ->
                                        line.contains("org.junit.")
                                                && line.contains("shared objects file")))
                .as("classes of JUnit from the archive")
                .hasSizeGreaterThan(100);
        assertThat(output).contains("00-").contains("junit-jupiter-api").contains("@scx\tdone");
        String classPath = words.get(words.indexOf("-cp") + 1);
        assertThat(classPath.split(":"))
                .hasSizeGreaterThan(10)
                .allMatch(jar -> Files.isRegularFile(Path.of(jar)));
    }

    private String run(List<String> words) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor()).isZero();
        return Files.readString(output);
    }
}
