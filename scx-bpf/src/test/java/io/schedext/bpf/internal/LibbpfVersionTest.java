// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LibbpfVersionTest {
    @Test
    void takes14AndNewer() {
        assertThat(new LibbpfVersion(1, 3).isSupported()).isFalse();
        assertThat(new LibbpfVersion(1, 4).isSupported()).isTrue();
        assertThat(new LibbpfVersion(1, 10).isSupported()).isTrue();
        assertThat(new LibbpfVersion(2, 0).isSupported()).isTrue();
        assertThat(new LibbpfVersion(0, 8).isSupported()).isFalse();
    }

    @Test
    void saysWhatEachLackWouldBreak() {
        assertThat(new LibbpfVersion(1, 3).lacks())
                .isEqualTo(
                        "cannot leave out the members of a struct_ops that the kernel lacks,"
                                + " nor set them before load");
        assertThat(new LibbpfVersion(1, 1).lacks())
                .startsWith(
                        "cannot attach a struct_ops map through a link, cannot resize a .data section, ");
        assertThat(new LibbpfVersion(0, 8).lacks())
                .startsWith("cannot report errors as this library expects them, ");
        assertThat(LibbpfVersion.OLDEST.lacks()).isEmpty();
    }
}
