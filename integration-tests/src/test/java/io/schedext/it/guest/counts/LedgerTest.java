// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.SchedulerOptions;
import io.schedext.core.TaskLedger;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.OnlineCpus;
import io.schedext.it.guest.support.SchedObserver;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every task that was handed to Java came back exactly once, and every decision had one outcome,
/// after a storm: both ledgers, exact to the last task.
class LedgerTest {

    private static final long DELAY_NS = 1_000_000;

    @Tag("conformance")
    @ParameterizedTest(name = "{0} CPUs, partial {1}, builtin idle {2}")
    @CsvSource({"4, true, true", "2, true, false", "1, true, false"})
    @Timeout(180) // half a minute, emulated and alone; a storm goes on until it has done enough
    void ledgersAreExactAfterAStorm(
            int cpus, boolean partial, boolean builtinIdle, TestReporter reporter)
            throws Exception {
        check(cpus, partial, builtinIdle, 3_000, reporter);
    }

    @ParameterizedTest(name = "{0} CPUs, partial {1}, builtin idle {2}")
    @CsvSource({
        "4, false, false",
        "4, false, true",
        "4, true, false",
        "4, true, true",
        "2, false, false",
        "2, true, true",
        "1, false, false",
        "1, false, true",
        "1, true, false",
        "1, true, true"
    })
    @Tag("full")
    @Timeout(300)
    void ledgersAreExactAfterALongStorm(
            int cpus, boolean partial, boolean builtinIdle, TestReporter reporter)
            throws Exception {
        check(cpus, partial, builtinIdle, 60_000, reporter);
    }

    private static void check(
            int cpus, boolean partial, boolean builtinIdle, long millis, TestReporter reporter)
            throws Exception {
        SchedulerOptions options =
                SchedulerOptions.builder()
                        .name("ledger")
                        .partial(partial)
                        .builtinIdle(builtinIdle)
                        .build();
        LatePolicy policy = new LatePolicy(DELAY_NS, cpus);
        Least least = new Least(cpus, millis);
        try (var online = OnlineCpus.first(cpus);
                var observer = new SchedObserver()) {
            observer.stop(); // it only counts who is parked
            try (var scheduler = new AttachedScheduler(options, policy);
                    var storm = new Storm(partial, cpus)) {
                var sampler = new HeldSampler(observer, scheduler.counters());
                long end = System.nanoTime() + millis * 1_000_000;
                // a slow machine takes longer for as much
                while ((System.nanoTime() < end
                                || !least.isExceeded(storm, scheduler.counters().tasks()))
                        && !scheduler.exited()) {
                    sampler.sample();
                    Thread.sleep(10);
                }
                storm.calm();
                reporter.publishEntry("tasks born", storm.births() + "");
                reporter.publishEntry("changes", storm.changes() + "");

                // the load goes on: whoever is parked now has to leave
                Ledgers ledgers = Ledgers.exactAfterDetach(scheduler, reporter);
                checkSamples(sampler, online.count(), reporter);
                checkWhatTheStormDid(ledgers, policy, least);
                assertThat(storm.births()).as("tasks born").isGreaterThan(least.births());
                assertThat(storm.changes()).as("changes").isGreaterThan(least.changes());
            }
        }
    }

    /// What a storm has to do at least.
    private record Least(long births, long changes, long opened, long user) {

        Least(int cpus, long millis) {
            this(cpus * millis / 4_000, millis / 50, millis / 5, millis / 10);
        }

        boolean isExceeded(Storm storm, TaskLedger tasks) throws IOException {
            return tasks.opened() > opened
                    && tasks.user() > user
                    && storm.changes() > changes
                    && storm.births() > births;
        }
    }

    private static void checkSamples(HeldSampler sampler, int cpus, TestReporter reporter) {
        for (HeldSampler.Sample sample : sampler.samples()) {
            assertThat(sample.difference())
                    .as("the ledger's held against the kernel's parked, %s", sample)
                    .isLessThanOrEqualTo(cpus + sample.slack());
        }
        long sharp = sampler.samples().stream().filter(sample -> sample.slack() == 0).count();
        reporter.publishEntry(
                "held = parked, samples", sampler.samples().size() + ", of one instant " + sharp);
    }

    private static void checkWhatTheStormDid(Ledgers ledgers, LatePolicy policy, Least least) {
        assertThat(ledgers.tasks().opened()).as("opened").isGreaterThan(least.opened());
        assertThat(ledgers.tasks().user()).as("carried out").isGreaterThan(least.user());
        assertThat(ledgers.tasks().bounced()).as("bounced").isPositive();
        assertThat(ledgers.tasks().requeued()).as("requeued").isPositive();
        assertThat(ledgers.tasks().left()).as("left").isPositive();
        assertThat(ledgers.decisions().stale()).as("stale").isPositive();
        // the last ones may still be in the ring
        assertThat(ledgers.decisions().refused())
                .as("refused, of %d senseless", policy.senseless())
                .isBetween(policy.senseless() - ledgers.decisions().inRing(), policy.senseless());
        assertThat(ledgers.decisions().gone())
                .as("gone, of at least %d", policy.forNobody())
                .isGreaterThanOrEqualTo(policy.forNobody() - ledgers.decisions().inRing());
    }
}
