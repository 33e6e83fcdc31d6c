// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatisticsTest {

    private static final Statistics EARLIER =
            new Statistics(
                    4,
                    1,
                    2,
                    3,
                    10,
                    20,
                    30,
                    40,
                    50,
                    60,
                    70,
                    80,
                    new LoopHealth(1, 2, 3, 4, 6_000_000));
    private static final Statistics LATER =
            new Statistics(
                    3,
                    2,
                    9,
                    8,
                    11,
                    22,
                    33,
                    44,
                    55,
                    66,
                    77,
                    88,
                    new LoopHealth(11, 22, 33, 44, 5_600_000));

    @Test
    void aDifferenceHasGaugesAsTheyAreNow() {
        assertThat(LATER.since(EARLIER))
                .isEqualTo(
                        new Statistics(
                                3,
                                2,
                                9,
                                8,
                                1,
                                2,
                                3,
                                4,
                                5,
                                6,
                                7,
                                8,
                                new LoopHealth(10, 20, 30, 40, 5_600_000)));
    }

    @Test
    void sinceItselfNothingHappened() {
        assertThat(LATER.since(LATER))
                .isEqualTo(
                        new Statistics(
                                3,
                                2,
                                9,
                                8,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                new LoopHealth(0, 0, 0, 0, 5_600_000)));
    }

    @Test
    void isOneLine() {
        assertThat(LATER)
                .hasToString(
                        "running=2/3 waiting=9/8 user=11 kernel=22 cancelled=33 bounced=44 failed=55"
                                + " congested=66 silences=77 silent=88 faults=11/22 allocated=33 classes=44"
                                + " pause=5.6ms");
    }
}
