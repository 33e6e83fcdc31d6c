// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.Counters;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.OnlineCpus;
import io.schedext.it.guest.support.SchedExt;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.SchedObserver.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.TestReporter;

/// A load that came and went under a scheduler, and what was counted meanwhile.
///
/// @param policy what the policy counted
/// @param counters what the scheduler counted, after detach
/// @param runs what the kernel's tracepoints saw, by process id
record Observation(CountingPolicy policy, Counters counters, Map<Integer, Runs> runs) {

    /// Processes of the load: four parents and their children.
    static final int TASKS = 4 + 6 + 4 + 2 + 2;

    private static final int SECONDS = 30;

    /// Runs the load under a scheduler in partial mode.
    ///
    /// @param cpus how many CPUs are on line
    /// @param times how long the load is; 1 is a few seconds
    static Observation of(int cpus, boolean builtinIdle, int times, TestReporter reporter)
            throws Exception {
        SchedulerOptions options =
                SchedulerOptions.builder()
                        .name("counts")
                        .partial(true)
                        .builtinIdle(builtinIdle)
                        .sliceNs(8_000_000)
                        // each task is shown to the policy, also while this JVM is slow
                        .silentAfter(Duration.ofSeconds(1))
                        .build();
        CountingPolicy policy = new CountingPolicy();
        try (var _ = OnlineCpus.first(cpus);
                var load = new Load()) {
            List<Family> families =
                    List.of(
                            Family.sleepers(load, -1, 6, 100 * times),
                            Family.sleepers(load, cpus - 1, 4, 100 * times),
                            Family.hogs(load, -1, 2, 400_000 * times),
                            Family.hogs(load, cpus - 1, 2, 400_000 * times));
            var scheduler = new AttachedScheduler(options, policy);
            Map<Integer, Runs> runs;
            try (scheduler;
                    var observer = new SchedObserver()) {
                for (Family family : families) {
                    family.go();
                }
                assertThat(load.await((long) SECONDS * times)).as("the load has ended").isTrue();
                Thread.sleep(100); // dead, but perhaps not yet switched away from
                List<Event> events = observer.take();
                runs = Runs.of(events);
                Map<String, Long> kernelEvents = SchedExt.events();
                reporter.publishEntry("events", events.size() + "");
                reporter.publishEntry("kernel events", kernelEvents.toString());
                checkNotAsked(runs, kernelEvents);
                Ledgers.exactAfterDetach(scheduler, reporter);
            }
            // the counters of a closed scheduler are final
            Observation all = new Observation(policy, scheduler.counters(), runs);
            all.report(reporter);
            return all;
        }
    }

    /// One term of the ledger of runs, of all tasks.
    int sum(ToIntFunction<Runs> term) {
        return Runs.sum(runs, term);
    }

    private void report(TestReporter reporter) {
        reporter.publishEntry("records", policy.records() + "");
        reporter.publishEntry("switch-ins", sum(Runs::switchIns) + "");
        reporter.publishEntry("put back", sum(Runs::putBacks) + "");
        reporter.publishEntry("not asked", sum(Runs::notAsked) + "");
        reporter.publishEntry("wake-ups", sum(Runs::wakeUps) + "");
        reporter.publishEntry("slice ends", sum(Runs::sliceEnds) + "");
        reporter.publishEntry("awake anyway", sum(Runs::awakeAnyway) + "");
    }

    /// The kernel counts by itself whom it did not ask the scheduler about. Who is picked again at
    /// once is among them, though nothing was switched: so it may count more, never less.
    private static void checkNotAsked(Map<Integer, Runs> runs, Map<String, Long> kernelEvents) {
        assertThat((long) Runs.sum(runs, Runs::notAsked))
                .as("tasks the scheduler was not asked about, %s", kernelEvents)
                .isPositive()
                .isLessThanOrEqualTo(
                        kernelEvents.get("ENQ_SKIP_EXITING")
                                + kernelEvents.get("ENQ_SKIP_MIGRATION_DISABLED"));
    }
}
