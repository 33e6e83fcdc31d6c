// SPDX-License-Identifier: 0BSD
package org.example.priority;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {

    @ParameterizedTest
    @CsvSource({
        "java,          java,             true",
        "java,          javac,            false",
        "java,          jav,              false",
        "java*,         javac,            true",
        "*,             '',               true",
        "'',            '',               true",
        "'',            a,                false",
        "cc?,           cc1,              true",
        "cc?,           cc,               false",
        "*/u8:*,        kworker/u8:1,     true",
        "*/u8:*,        kworker/1:1,      false",
        "*ab,           aab,              true",
        "*ab*ab,        ab-ab-a,          false",
        "*ab*ab,        ab-ab-ab,         true",
    })
    void matchesAsAShellDoes(String pattern, String name, boolean matches) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        // What stands behind the name, of an earlier one, does not count.
        byte[] buffer = Arrays.copyOf(bytes, 16);
        Arrays.fill(buffer, bytes.length, 16, (byte) 'x');
        assertThat(new NamePattern(pattern).matches(buffer, bytes.length)).isEqualTo(matches);
    }
}
