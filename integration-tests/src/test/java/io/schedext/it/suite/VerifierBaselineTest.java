// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.VerifierStatistics;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerifierBaselineTest {
    private static final VerifierBaseline BASELINE =
            baseline(Map.of("enqueue", cost(1000, 100), "yield", cost(15, 1)));

    @Test
    void aTenthMoreIsNoDifferenceAndLessIsNone() {
        assertThat(
                        BASELINE.differences(
                                baseline(Map.of("enqueue", cost(1100, 110), "yield", cost(14, 1)))))
                .isEmpty();
    }

    @Test
    void moreThanATenthIsOneOfInstructionsAsOfStates() {
        assertThat(
                        BASELINE.differences(
                                baseline(Map.of("enqueue", cost(1101, 111), "yield", cost(15, 1)))))
                .containsExactly(
                        "enqueue, instructions: 1101, were 1000", "enqueue, states: 111, were 100");
    }

    @Test
    void whatIsSmallMayGrowByAFew() {
        assertThat(
                        BASELINE.differences(
                                baseline(Map.of("enqueue", cost(1, 1), "yield", cost(35, 6)))))
                .isEmpty();
        assertThat(
                        BASELINE.differences(
                                baseline(Map.of("enqueue", cost(1, 1), "yield", cost(36, 7)))))
                .hasSize(2);
    }

    @Test
    void aProgramThatIsNewOrGoneIsOne() {
        assertThat(
                        BASELINE.differences(
                                baseline(Map.of("enqueue", cost(1, 1), "tick", cost(1, 1)))))
                .containsExactly("tick is new", "yield is gone");
    }

    @Test
    void whatIsWrittenIsRead() {
        assertThat(VerifierBaseline.parse(BASELINE.text("6.18.15"))).isEqualTo(BASELINE);
    }

    private static VerifierBaseline baseline(Map<String, VerifierStatistics> programs) {
        return new VerifierBaseline(programs);
    }

    private static VerifierStatistics cost(long instructions, long states) {
        return new VerifierStatistics(instructions, states);
    }
}
