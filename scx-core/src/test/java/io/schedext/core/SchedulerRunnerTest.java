// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What can be known of it without a kernel; the rest is in integration-tests.
class SchedulerRunnerTest {

    private final SchedulerRunner runner =
            new SchedulerRunner(SchedulerOptions.builder().build(), () -> _ -> 0);

    @Test
    void statisticsWithoutAnIntervalAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runner.statistics(Duration.ZERO, _ -> {}))
                .withMessage("statistics come at intervals above 0, not 0 ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runner.statistics(Duration.ofNanos(-1), _ -> {}));
    }
}
