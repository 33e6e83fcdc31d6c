// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.osgi.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyClauseTest {

    @Test
    void aClassAlone() {
        assertThat(PolicyClause.parse("org.example.Mine"))
                .containsExactly(new PolicyClause("org.example.Mine", 0));
    }

    @Test
    void severalWithRankings() {
        assertThat(PolicyClause.parse("a.B;ranking=10, a.C$D ; ranking = \"-3\""))
                .containsExactly(new PolicyClause("a.B", 10), new PolicyClause("a.C$D", -3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a.B,", "a.B;rank=1", "a.B;ranking=", "a.B;ranking=1x", "a..B", "a B"})
    void nonsenseIsNamed(String header) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyClause.parse(header))
                .withMessageStartingWith("Scx-Policy: '")
                .withMessageEndingWith("' is not like CLASS;ranking=NUMBER");
    }
}
