// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SuiteEventTest {
    @Test
    void isOneLineWhateverItsTexts() {
        String nasty = "a\tb\nc\r%09=%25 100% =";
        for (SuiteEvent event :
                new SuiteEvent[] {
                    SuiteEvent.started("A.b[" + nasty + "]", 60_000),
                    SuiteEvent.figure("A.b", nasty.replace("=", ""), nasty),
                    SuiteEvent.finished("A.b", Outcome.FAILED, 12, nasty),
                    SuiteEvent.done()
                }) {
            String line = event.format();
            assertThat(line.lines()).hasSize(1);
            assertThat(SuiteEvent.parse(line)).contains(event);
        }
    }

    @Test
    void outputOfTestsIsNoEvent() {
        assertThat(SuiteEvent.parse("hello")).isEmpty();
        assertThat(SuiteEvent.parse("@scxy")).isEmpty();
        assertThat(SuiteEvent.parse("")).isEmpty();
    }

    @Test
    void aTruncatedEventIsAnError() {
        assertThatThrownBy(() -> SuiteEvent.parse("@scx\tfinished"))
                .hasMessageContaining("truncated");
        assertThatThrownBy(() -> SuiteEvent.parse("@scx\tfinished\tA.b\toutcome"))
                .hasMessageContaining("malformed");
        assertThatThrownBy(() -> SuiteEvent.parse("@scx\texploded\tA.b"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
