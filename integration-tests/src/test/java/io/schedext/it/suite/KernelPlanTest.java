// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelPlanTest {
    private static final GuestSelection GATE =
            new GuestSelection("Ledger", "gate", Duration.ofSeconds(1));

    @Test
    void aKernelHasTheTagsBehindItOrThoseInGeneral() {
        assertThat(KernelPlan.of("6.18, 7.3:conformance", GATE))
                .containsExactly(
                        new KernelPlan("6.18", GATE),
                        new KernelPlan("7.3", GATE.withTags("conformance")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " , ", "6.18,7.3,6.18:full", "6.18:everything"})
    void noKernelOrOneTwiceOrTagsThatThereAreNotAreRefused(String list) {
        assertThatThrownBy(() -> KernelPlan.of(list, GATE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
