// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {
    @TempDir Path folder;

    @Test
    void learnsHowTheGuestRunsAndWhy() {
        try (Console console = new Console(folder.resolve("console.log"))) {
            assertThat(console.acceleration()).isEmpty();
            console.accept(
                    "scx-vm: no KVM: a guest does not come up with it: KVM internal error. Suberror: 1\n");
            console.accept("scx-vm: acceleration tcg\n");
            assertThat(console.acceleration()).contains(Acceleration.TCG);
            assertThat(console.whyNotKvm())
                    .startsWith("a guest does not come up")
                    .endsWith("Suberror: 1");
            console.accept("scx-guest: kernel is up");
            assertThat(console.kernelUp()).isTrue();
        }
    }

    @Test
    void anUnusableKvmIsNotMentionedWhenItWorks() {
        try (Console console = new Console(folder.resolve("console.log"))) {
            console.accept("scx-vm: acceleration kvm\nscx-guest: kernel is up\n");
            assertThat(console.acceleration()).contains(Acceleration.KVM);
            assertThat(console.whyNotKvm()).isEmpty();
        }
    }

    @Test
    void keepsAllInTheFileAndTheEndInMemory() throws IOException {
        Path file = folder.resolve("vm/console.log");
        try (Console console = new Console(file)) {
            IntStream.range(0, 100).forEach(i -> console.accept("line " + i + "\n"));
            assertThat(console.tail()).startsWith("line 60\n").endsWith("\nline 99");
        }
        assertThat(Files.readAllLines(file)).hasSize(100).startsWith("line 0").endsWith("line 99");
    }
}
