// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {
    @TempDir Path folder;

    private Staging staging;
    private Path classes;

    @BeforeEach
    void somethingToCopy() throws IOException {
        staging = Staging.below(folder.resolve("out"));
        classes = folder.resolve("classes");
        Files.createDirectories(classes.resolve("bin"));
        Files.writeString(classes.resolve("bin/mine"), "#!/bin/sh\n");
        assertThat(classes.resolve("bin/mine").toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aFolderIsCopiedWithItsModes() {
        assertThat(staging.copy(classes)).isEqualTo("/staged/0/classes");
        assertThat(staging.folder().resolve("0/classes/bin/mine")).isExecutable();
    }

    @Test
    void nothingIsWrittenTwiceToTheSamePlaceForTheGuestKeepsWhatItHasRead() {
        assertThat(staging.copy(classes)).isNotEqualTo(staging.copy(classes));
        assertThat(staging.write("x", new byte[1])).isNotEqualTo(staging.write("x", new byte[1]));
    }

    @Test
    void theNextGuestBeginsWithNothing() {
        staging.copy(classes);
        assertThat(Staging.below(folder.resolve("out")).folder()).isEmptyDirectory();
    }

    @Test
    void aModuleIsStartedAsThisProjectsSchedulersAre() {
        SchedulerLaunch launch =
                SchedulerLaunch.module("com.example.mine", List.of(classes))
                        .with("--slice-us", "5000")
                        .withJvmOptions("-Xmx32m");
        GuestCommand real = launch.stage(staging, false);
        assertThat(real.words())
                .containsExactly(
                        "java",
                        "@/staged/0/jvm-options",
                        "--module-path",
                        "/staged/1/classes",
                        "--module",
                        "com.example.mine",
                        "--slice-us",
                        "5000");
        assertThat(real.environment()).containsEntry("JDK_JAVA_OPTIONS", "-Xmx32m");
        assertThat(launch.stage(staging, true).environment().get("JDK_JAVA_OPTIONS"))
                .startsWith("-XX:TieredStopAtLevel=1 ")
                .endsWith(" -Xmx32m");
    }

    @Test
    void anImageIsStartedByItsOwnLauncher() {
        GuestCommand command =
                SchedulerLaunch.image(classes, "bin/mine").with("--once").stage(staging, false);
        assertThat(command.words()).containsExactly("/staged/0/classes/bin/mine", "--once");
        assertThat(command.environment()).doesNotContainKey("JDK_JAVA_OPTIONS");
    }
}
