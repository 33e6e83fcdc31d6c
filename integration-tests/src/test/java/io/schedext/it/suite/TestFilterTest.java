// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestFilterTest {
    @Test
    void noWordMeansAll() {
        assertThat(new TestFilter("").matches("A.b")).isTrue();
        assertThat(new TestFilter(" , ").matches("A.b")).isTrue();
    }

    @Test
    void aWordIsAPartOfTheName() {
        TestFilter filter = new TestFilter("smoke, Ring*wrap");
        assertThat(filter.matches("GuestSmokeTest.cpus")).isTrue();
        assertThat(filter.matches("RingBufferTest.wrapsAround")).isTrue();
        assertThat(filter.matches("WrapTest.ring")).isFalse();
    }

    @Test
    void onlyTheStarIsSpecial() {
        assertThat(new TestFilter("A.b").matches("Axb")).isFalse();
        assertThat(new TestFilter("[1]").matches("A.b[1]")).isTrue();
    }
}
