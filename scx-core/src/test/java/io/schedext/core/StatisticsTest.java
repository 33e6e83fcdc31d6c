// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatisticsTest {

    private static final Statistics EARLIER = new Statistics(4, 1, 2, 3, 10, 20, 30, 40, 50, 60);
    private static final Statistics LATER = new Statistics(3, 2, 9, 8, 11, 22, 33, 44, 55, 66);

    @Test
    void aDifferenceHasGaugesAsTheyAreNow() {
        assertThat(LATER.since(EARLIER)).isEqualTo(new Statistics(3, 2, 9, 8, 1, 2, 3, 4, 5, 6));
    }

    @Test
    void sinceItselfNothingHappened() {
        assertThat(LATER.since(LATER)).isEqualTo(new Statistics(3, 2, 9, 8, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void isOneLine() {
        assertThat(LATER)
                .hasToString(
                        "running=2/3 waiting=9/8 user=11 kernel=22 cancelled=33 bounced=44 failed=55"
                                + " congested=66");
    }
}
