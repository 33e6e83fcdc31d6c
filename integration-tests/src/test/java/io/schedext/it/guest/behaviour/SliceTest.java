// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.behaviour.Scripted.Step;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Figures;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedCalls;
import io.schedext.it.guest.support.SchedObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// A slice chosen is the slice it got, to one tick.
class SliceTest {

    private static final long MILLI = 1_000_000;
    private static final long TICK = 4 * MILLI;
    private static final long SLACK = MILLI / 2;
    private static final long DEFAULT = 12 * MILLI;
    private static final int CPU = 3;

    @Test
    @Timeout(60)
    void slicesAreKeptToATick(TestReporter reporter) throws Exception {
        Map<Integer, Long> slices = new ConcurrentHashMap<>();
        Recorder policy =
                new Recorder((task, decision) ->
                        decision.sliceNs(slices.getOrDefault(task.pid(), 8 * MILLI)));
        SchedulerOptions options = Attach.partial().sliceNs(DEFAULT).build();
        try (var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(options, policy);
                var load = new Load()) {
            for (long slice : new long[] {8, 20, 40, 0}) {
                slices.put(hog(load), slice * MILLI);
            }
            Thread.sleep(500);
            observer.take();
            Thread.sleep(2500);
            observer.stop();
            assertThat(scheduler.exited()).isFalse();
            List<Run> runs = Run.of(observer.take());
            slices.forEach(
                    (pid, slice) -> check(slice == 0 ? DEFAULT : slice, pid, runs, reporter));
        }
    }

    /// A slice ends at the first tick that finds it used up. Where the host takes its time from the
    /// guest, a tick comes late or two CPUs' clocks are apart for a moment: so most runs have to be
    /// within their bounds rather than all.
    private static void check(long slice, int pid, List<Run> runs, TestReporter reporter) {
        Figures lengths =
                Figures.of(
                        runs.stream()
                                .filter(r -> r.pid() == pid && r.wholeSlice())
                                .mapToLong(Run::ns));
        double early = lengths.shareUpTo(slice - SLACK);
        double late = 1 - lengths.shareUpTo(slice + TICK + SLACK);
        reporter.publishEntry("runs with a slice of " + slice / MILLI + " ms", lengths.toString());
        assertThat(lengths.count()).as("runs").isGreaterThan(10);
        assertThat(lengths.median())
                .as("median run, slice %s", slice)
                .isBetween(slice - SLACK, slice + TICK + SLACK);
        assertThat(early).as("share of runs shorter than %s", slice).isLessThan(0.2);
        assertThat(late).as("share of runs longer than %s and a tick", slice).isLessThan(0.35);
    }

    @Test
    @Tag("full")
    @Timeout(60)
    void anEndlessSliceIsCapped(TestReporter reporter) throws Exception {
        long cap = 1_000 * MILLI / 4; // a quarter of the watchdog's timeout
        Step shortSlices = (kernel, _, d) -> kernel.dispatchTask(d.sliceNs(4 * MILLI));
        Step year = (kernel, _, d) -> kernel.dispatchTask(d.sliceNs(365L * 86_400 * 1_000 * MILLI));
        Step unsigned = (kernel, _, d) -> kernel.dispatchTask(d.sliceNs(-1L));
        Scripted policy = new Scripted(shortSlices);
        SchedulerOptions options = Attach.partial().watchdogTimeout(Duration.ofSeconds(1)).build();
        try (var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(options, policy);
                var load = new Load()) {
            Set<Integer> hogs = new HashSet<>();
            hogs.add(hog(load));
            hogs.add(hog(load));
            policy.usually(year);
            Figures two = longRuns(observer, 1500, hogs);
            policy.usually(shortSlices);
            while (hogs.size() < 8) {
                hogs.add(hog(load));
            }
            policy.usually(unsigned);
            Figures eight = longRuns(observer, 1500, hogs);
            reporter.publishEntry("runs of 2 hogs, slice of a year", two.toString());
            reporter.publishEntry("runs of 8 hogs, slice of 2^64 - 1 ns", eight.toString());
            assertThat(two.median()).isBetween(cap / 2, cap + TICK + SLACK);
            // six or seven wait for the same CPU
            assertThat(eight.median()).isBetween(cap / 8 - SLACK, cap / 6 + TICK + SLACK);
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
        }
    }

    /// One on the CPU of this test, past its start.
    private static int hog(Load load) throws IOException, InterruptedException {
        long pid = load.runningHog().pid();
        SchedCalls.setAffinity(pid, 1L << CPU);
        return (int) pid;
    }

    /// Runs of the hogs, each of which runs at least once.
    private static Figures longRuns(SchedObserver observer, long millis, Set<Integer> hogs)
            throws InterruptedException {
        Thread.sleep(500); // runs decided before
        observer.take();
        Thread.sleep(millis);
        List<Run> runs = Run.of(observer.take()).stream().filter(Run::wholeSlice).toList();
        assertThat(runs.stream().map(Run::pid).collect(Collectors.toSet()))
                .as("hogs that ran")
                .containsAll(hogs);
        return Figures.of(runs.stream().filter(r -> hogs.contains(r.pid())).mapToLong(Run::ns));
    }
}
