// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.Counters;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who was dispatched, ran, and who ran was dispatched: per task, what the policy counted and what
/// the kernel's tracepoints saw are the same numbers, the known exceptions as terms of their own
/// (custody.md 2.4).
///
/// The scheduler is in partial mode, so that it schedules the load and nothing else. The load ends
/// by itself while the scheduler is attached, so nothing is in flight when the counts are compared.
class DispatchCountsTest {

    @ParameterizedTest(name = "{0} CPUs")
    @CsvSource({"4", "1"})
    @Timeout(60)
    void everyRunWasDecidedByThePolicy(int cpus, TestReporter reporter) throws Exception {
        decidedByJava(cpus, 1, reporter);
    }

    @ParameterizedTest(name = "{0} CPUs")
    @CsvSource({"4", "2", "1"})
    @Tag("full")
    @Timeout(300)
    void everyRunOfALongLoadWasDecidedByThePolicy(int cpus, TestReporter reporter)
            throws Exception {
        decidedByJava(cpus, 10, reporter);
    }

    @ParameterizedTest(name = "{0} CPUs")
    @CsvSource({"4"})
    @Timeout(60)
    void withBuiltinIdleTheTotalsAgree(int cpus, TestReporter reporter) throws Exception {
        Observation seen = Observation.of(cpus, true, 1, reporter);
        Counters counters = seen.counters();
        long dispatches =
                counters.userDispatches()
                        + counters.bouncedDispatches()
                        + counters.kernelDispatches()
                        - counters.ownDispatches();
        assertThat(seen.sum(Runs::switchIns))
                .as("switch-ins of all")
                .isEqualTo(dispatches + seen.sum(Runs::putBacks) + seen.sum(Runs::notAsked));
        assertThat(seen.sum(Runs::wakeUps) + seen.sum(Runs::sliceEnds))
                .as("shown to the scheduler")
                .isEqualTo(
                        counters.tasks().opened()
                                + counters.directDispatches()
                                + counters.congestionEvents());
        assertThat(counters.directDispatches()).as("direct dispatches").isPositive();
    }

    private static void decidedByJava(int cpus, int times, TestReporter reporter) throws Exception {
        Observation seen = Observation.of(cpus, false, times, reporter);
        Counters counters = seen.counters();
        assertThat(counters.decisions().stale()).as("stale").isZero();
        assertThat(counters.decisions().gone()).as("gone").isZero();
        assertThat(counters.decisions().refused()).as("refused").isZero();
        assertThat(counters.kernelDispatches() - counters.ownDispatches())
                .as("dispatched by the kernel side")
                .isZero();
        assertThat(counters.userDispatches())
                .as("decisions carried out")
                .isEqualTo(seen.policy().records());
        assertThat(seen.runs()).as("tasks seen").hasSize(Observation.TASKS);
        seen.runs()
                .forEach((pid, runs) -> {
                    int decided = seen.policy().records(pid);
                    assertThat(runs.switchIns())
                            .as("switch-ins of %d, decided %d times: %s", pid, decided, runs)
                            .isEqualTo(decided + runs.putBacks() + runs.notAsked());
                    assertThat(runs.wakeUps() + runs.sliceEnds())
                            .as("shown, of %d, decided %d times: %s", pid, decided, runs)
                            .isEqualTo(decided);
                });
    }
}
