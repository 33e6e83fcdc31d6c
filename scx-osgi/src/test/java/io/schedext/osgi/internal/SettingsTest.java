// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.osgi.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedext.core.SchedulerOptions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static SchedulerOptions options(Map<String, String> properties) {
        return new Settings(properties::get).options();
    }

    @Test
    void withoutPropertiesTheUsualOnes() {
        SchedulerOptions options = options(Map.of());
        assertThat(options.name()).isEqualTo("osgi");
        assertThat(options.partial()).isFalse();
        assertThat(options.sliceNs()).isEqualTo(20_000_000);
        assertThat(options.watchdogTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void asTheySay() {
        SchedulerOptions options =
                options(
                        Map.of(
                                "io.schedext.osgi.name", "mine",
                                "io.schedext.osgi.partial", "true",
                                "io.schedext.osgi.slice-us", "3000",
                                "io.schedext.osgi.timeout-ms", " 30000 "));
        assertThat(options.name()).isEqualTo("mine");
        assertThat(options.partial()).isTrue();
        assertThat(options.sliceNs()).isEqualTo(3_000_000);
        assertThat(options.watchdogTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.overdueAfter()).isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource({
        "io.schedext.osgi.partial, yes, 'io.schedext.osgi.partial is true or false, not yes'",
        "io.schedext.osgi.slice-us, 0, 'io.schedext.osgi.slice-us is a number above 0, not 0'",
        "io.schedext.osgi.slice-us, -5, 'io.schedext.osgi.slice-us is a number above 0, not -5'",
        "io.schedext.osgi.timeout-ms, x, 'io.schedext.osgi.timeout-ms is a number above 0, not x'"
    })
    void nonsenseIsRefused(String name, String value, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options(Map.of(name, value)))
                .withMessage(sentence);
    }
}
