// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.Btf;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedObserver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// Every field of a queued task is what /proc says of it.
class TaskFieldsTest {

    /// Nice values and the kernel's weights (sched_prio_to_weight) for them, scaled so that nice 0
    /// has 100 as the weights of cgroups have (sched_weight_to_cgroup).
    private static final Map<Integer, Long> WEIGHTS = new LinkedHashMap<>();

    static {
        WEIGHTS.put(-20, rounded(88_761));
        WEIGHTS.put(-7, rounded(4_904));
        WEIGHTS.put(0, rounded(1_024));
        WEIGHTS.put(6, rounded(272));
        WEIGHTS.put(19, rounded(15));
    }

    private static final String LONGEST_NAME = "fifteen letters";
    private static final String SLEEP = "select undef,undef,undef,0.01 for 1..400";

    private static long rounded(long weight) {
        return (weight * 100 + 512) / 1024;
    }

    @Test
    @Timeout(60)
    void fieldsAgreeWithProc(TestReporter reporter) throws Exception {
        SchedulerOptions options =
                Attach.partial()
                        .name("fields")
                        // few runs: /proc has in each what the kernel takes to choose the task
                        .sliceNs(40_000_000)
                        // a task is held while it is looked at
                        .watchdogTimeout(Duration.ofSeconds(30))
                        .overdueAfter(Duration.ofSeconds(15))
                        .build();
        long wakeup = Btf.ofKernel().enumValue("scx_enq_flags", "SCX_ENQ_WAKEUP").orElseThrow();
        RecordChecks checks = new RecordChecks(wakeup);
        HoldingPolicy policy = new HoldingPolicy(checks);
        try (var load = new Load()) {
            Map<Integer, Family> nice = new LinkedHashMap<>();
            for (int value : WEIGHTS.keySet()) {
                nice.put(value, Family.of(load, -1, 1, SLEEP).nice(value));
            }
            Family named = Family.of(load, 2, 1, "$0 = '" + LONGEST_NAME + "'; " + SLEEP);
            Family twoCpus = Family.of(load, -1, 1, SLEEP).allow(0b1010);
            Family hogs = Family.hogs(load, 1, 2, 10_000_000);
            Family threads =
                    Family.of(load, -1, 1, "exec qw(stress-ng -q --sem 1 --sem-procs 3 -t 4)");
            try (var scheduler = new AttachedScheduler(options, policy);
                    var observer = new SchedObserver()) {
                for (Family family : nice.values()) {
                    family.go();
                }
                named.go();
                twoCpus.go();
                threads.go();

                Subject subject = new Subject(policy, wakeup, reporter);
                for (Map.Entry<Integer, Family> entry : nice.entrySet()) {
                    int value = entry.getKey();
                    int pid = entry.getValue().child();
                    subject.agrees(pid, "perl", Cpus.COUNT, value, WEIGHTS.get(value));
                }
                subject.agrees(named.child(), LONGEST_NAME, 1, 0, 100);
                subject.agrees(twoCpus.child(), "perl", 2, 0, 100);
                subject.agreesForAThread();
                // Each wake-up takes a CPU for the loop, the hogs' too, and /proc has in each run
                // what
                // the kernel takes to choose the task: so the others have to end first.
                Stream<Family> others =
                        Stream.concat(nice.values().stream(), Stream.of(named, twoCpus, threads));
                List<Family> all = others.toList();
                Await.until(30, "they end", () -> all.stream().noneMatch(Family::isAlive));
                hogs.go();
                subject.runtimeGrowsAsInProc(hogs.child());

                assertThat(load.await(40)).as("the load has ended").isTrue();
                Thread.sleep(100); // dead, but perhaps not yet switched away from
                Map<Integer, Runs> runs = Runs.of(observer.take());
                Ledgers ledgers = Ledgers.exactAfterDetach(scheduler, reporter);
                assertThat(ledgers.decisions().user())
                        .as("decisions carried out")
                        .isEqualTo(checks.records());
                checkRecords(checks, runs, reporter);
            }
        }
    }

    private static void checkRecords(
            RecordChecks checks, Map<Integer, Runs> runs, TestReporter reporter) {
        reporter.publishEntry("records", checks.records() + "");
        reporter.publishEntry("records of wake-ups", checks.wakeups() + "");
        assertThat(checks.records()).as("records").isGreaterThan(1_000);
        runs.forEach((pid, seen) ->
                assertThat(checks.records(pid))
                        .as("records of %d are wake-ups and ends of slices: %s", pid, seen)
                        .isEqualTo(seen.wakeUps() + seen.sliceEnds()));
        assertThat(checks.records())
                .as("records of all")
                .isEqualTo(Runs.sum(runs, Runs::wakeUps) + Runs.sum(runs, Runs::sliceEnds));
        // a new task is queued without the flag
        assertThat(checks.wakeups())
                .as("records with the flag of a wake-up")
                .isEqualTo(Runs.sum(runs, Runs::wakeUps) - Runs.sum(runs, Runs::births));
        assertThat(checks.wrongGeneration()).as("generation not the next").isZero();
        assertThat(checks.wrongVtime()).as("vtime not that of the last decision").isZero();
        assertThat(checks.wrongTime()).as("times not in order").isZero();
        assertThat(checks.wrongRuntime()).as("run time against times and flags").isZero();
    }
}
