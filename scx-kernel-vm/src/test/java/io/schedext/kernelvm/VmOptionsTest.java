// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VmOptionsTest {
    private final VmOptions options = VmOptions.defaults(Path.of("out"));

    @Test
    void pathsAreAbsoluteForTheGuestSeesThemAsTheyAre() {
        assertThat(options.output()).isAbsolute();
        assertThat(options.withMount(Path.of("x/../y")).mounts())
                .contains(Path.of("y").toAbsolutePath(), Path.of(System.getProperty("java.home")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tmp", "/tmp/x", "/run/user/0", "/var/tmp/../tmp/y"})
    void aMountThatTheGuestWouldNotSeeIsRefused(String mount) {
        assertThatThrownBy(() -> options.withMount(Path.of(mount)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the guest would not see");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "6", "v6.18", "6.18-rc1", "6.18; rm -rf /", "latest"})
    void aKernelIsAVersion(String kernel) {
        assertThatThrownBy(() -> options.withKernel(kernel)).hasMessageContaining("6.18");
    }

    @Test
    void nodesAreAllAlike() {
        assertThat(options.withCpus(1, 1).cpus()).isEqualTo(1);
        assertThatThrownBy(() -> options.withCpus(3, 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withMemoryMib(1025))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withMemoryMib(256))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void accelerationIsOneOfThreeWords() {
        assertThat(Acceleration.parse(" KVM ")).isEqualTo(Acceleration.KVM);
        assertThat(Acceleration.parse("tcg-multi")).isEqualTo(Acceleration.TCG_MULTI);
        assertThatThrownBy(() -> Acceleration.parse("yes")).hasMessageContaining("auto, kvm, tcg");
    }
}
