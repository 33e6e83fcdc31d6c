// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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

    @Test
    void aPolicyThatFailsInItsRehearsalIsRefused() {
        assertThatExceptionOfType(SchedulerException.class)
                .isThrownBy(() ->
                        runner.swap(() ->
                                _ -> {
                                    throw new IllegalStateException("no idea");
                                }))
                .withMessage(
                        "The policy failed in its rehearsal with java.lang.IllegalStateException:"
                                + " no idea; the old one stays.")
                .extracting(SchedulerException::status)
                .isEqualTo(ExitStatus.POLICY_FAILED);
    }

    @Test
    void beforeTheBeginThereIsNothingToHandOver() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        HandOver handOver =
                runner.swap(() -> {
                    made.incrementAndGet();
                    return side -> {
                        while (side.dequeueTask() != null) {
                            // of the rehearsal
                        }
                        return 0;
                    };
                });
        assertThat(handOver.done()).isFalse();
        assertThat(handOver.tasks()).isZero();
        assertThat(handOver.lengthNs()).isZero();
        assertThat(made).as("one to rehearse with, one to schedule").hasValue(2);
        assertThat(runner.withdraw().done()).isFalse();
    }
}
