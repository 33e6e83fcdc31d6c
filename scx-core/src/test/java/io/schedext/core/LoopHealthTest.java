// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoopHealthTest {

    private static final LoopHealth EARLIER = new LoopHealth(1, 20, 300, 4_000, 9_000_000);
    private static final LoopHealth LATER = new LoopHealth(3, 50, 700, 5_000, 2_000_000);

    @Test
    void aDifferenceHasTheLongestPauseAsItIsNow() {
        assertThat(LATER.since(EARLIER)).isEqualTo(new LoopHealth(2, 30, 400, 1_000, 2_000_000));
    }

    @Test
    void sinceNothingAllOfItHappened() {
        assertThat(LATER.since(LoopHealth.NONE)).isEqualTo(LATER);
    }
}
