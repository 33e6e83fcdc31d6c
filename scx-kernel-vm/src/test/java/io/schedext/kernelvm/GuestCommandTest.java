// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuestCommandTest {
    @Test
    void isEncodedAsFolderVariablesAndWords() {
        var command = new GuestCommand(List.of("echo", "a b", ""), Map.of("X", "1"), "/tmp");
        assertThat(new String(command.encode(), StandardCharsets.UTF_8))
                .isEqualTo("/tmp\0001\0X=1\0echo\0a b\0\0");
    }

    @Test
    void scriptsAreRunByBash() {
        assertThat(GuestCommand.script("a | b").words()).containsExactly("bash", "-c", "a | b");
    }

    @Test
    void theJdkComesFirstInThePath() {
        var environment = GuestCommand.of("java").withJdk().environment();
        assertThat(environment).containsEntry("JAVA_HOME", System.getProperty("java.home"));
        assertThat(environment.get("PATH"))
                .startsWith(System.getProperty("java.home") + "/bin:")
                .endsWith(":/bin");
    }

    @Test
    void refusesWhatTheChannelCannotCarry() {
        assertThatThrownBy(() -> GuestCommand.of("a\0b").encode())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GuestCommand.of()).isInstanceOf(IllegalArgumentException.class);
    }
}
