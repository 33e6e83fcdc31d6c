// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.DispatchedTask;
import io.schedext.core.Silence;
import io.schedext.it.guest.behaviour.Recorder.Decision;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Figures;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.OnlineCpus;
import io.schedext.it.guest.support.SchedCalls;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.SchedObserver.Event;
import io.schedext.it.guest.support.SchedObserver.Type;
import io.schedext.it.guest.support.TaskFiles;
import io.schedext.it.guest.support.Waits;
import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The loop wakes when there is work and rests when there is none.
class LoopTest {

    private static final long MILLI = 1_000_000;

    @Test
    @Timeout(60)
    void servesWakeUpsThenRestsWithoutBeingForgotten(TestReporter reporter) throws Exception {
        Recorder policy = new Recorder((_, decision) -> decision.cpu(DispatchedTask.ANY_CPU));
        var options = Attach.partial().watchdogTimeout(Duration.ofSeconds(1)).build();
        try (var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(options, policy)) {
            try (var load = new Load()) {
                for (int i = 0; i < 3; i++) {
                    load.sleeper(-1, Integer.MAX_VALUE, 0.02);
                }
                Thread.sleep(500);
                observer.take();
                Thread.sleep(2000);
                observer.stop();
            }
            List<Event> events = observer.take();
            Figures latency = Waits.afterWakeups(events, _ -> true);
            Figures decided = decided(events, policy.decisions(), _ -> true);
            reporter.publishEntry("wake-up to decision, idle machine", decided.toString());
            reporter.publishEntry("wake-up to switch-in, idle machine", latency.toString());
            assertThat(latency.count()).isGreaterThan(100);

            Thread.sleep(200);
            TaskFiles loop = TaskFiles.own(AttachedScheduler.LOOP);
            int decisions = policy.count();
            long used = loop.runtimeNs();
            long runs = loop.runs();
            long start = System.nanoTime();
            Thread.sleep(4000); // four times the watchdog's timeout
            long elapsed = System.nanoTime() - start;
            used = loop.runtimeNs() - used;
            runs = loop.runs() - runs;
            reporter.publishEntry(
                    "loop without work",
                    "%.3f %% of a CPU, %d runs in %.1f s"
                            .formatted(100.0 * used / elapsed, runs, elapsed / 1e9));
            assertThat(policy.count() - decisions).as("decisions without a load").isZero();
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
            // the heartbeat: a quarter of the timeout
            assertThat(runs).as("runs of the loop").isBetween(4L, 400L);
            assertThat(used).as("CPU time of the loop, ns").isLessThan(elapsed / 4);
        }
    }

    /// While it rests it is moved from one of the first CPUs to the other. Both have a hog with a
    /// slice of a second, and no task of the class wakes up there: only the kernel side can find
    /// it, before tasks have waited for a tenth of a second.
    @Test
    @Timeout(60)
    void isFoundOnTheCpuItWasMovedTo(TestReporter reporter) throws Exception {
        int rounds = 40;
        Recorder policy =
                new Recorder((task, decision) -> decision.cpu(task.cpu()).sliceNs(1_000 * MILLI));
        var options = Attach.partial().silentAfter(Duration.ofMillis(10)).build();
        try (var scheduler = new AttachedScheduler(options, policy);
                var load = new Load()) {
            long loop = TaskFiles.own(AttachedScheduler.LOOP).id();
            load.hog(0);
            load.hog(1);
            load.sleeper(Cpus.COUNT - 1, Integer.MAX_VALUE, 0.1);
            load.sleeper(Cpus.COUNT - 2, Integer.MAX_VALUE, 0.1);
            Silence before = scheduler.counters().silence();
            for (int round = 0; round < rounds; round++) {
                assertThat(SchedCalls.setAffinity(loop, 1L << round % 2)).isZero();
                int decided = policy.count();
                Await.until(10, "it decides", () -> policy.count() > decided + 4);
            }
            Silence silence = scheduler.counters().silence();
            reporter.publishEntry("silence", silence.toString());
            assertThat(silence.starved() - before.starved())
                    .as("%s", silence)
                    .isLessThan(rounds / 10);
        }
    }

    /// Each CPU has a hog with a slice of a second, so none comes by for the loop by itself.
    @Test
    @Timeout(60)
    void takesACpuFromAHogWhenTasksWait(TestReporter reporter) throws Exception {
        Recorder policy =
                new Recorder((task, decision) -> {
                    if (task.nrCpusAllowed() == 1) {
                        decision.sliceNs(1_000 * MILLI);
                    } else {
                        // or it would wait for a hog itself
                        decision.flags(DispatchedTask.PREEMPT).sliceNs(5 * MILLI);
                    }
                });
        try (var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(Attach.partial().build(), policy);
                var load = new Load()) {
            int sleeper = (int) load.sleeper(-1, Integer.MAX_VALUE, 0.15).pid();
            for (int cpu = 0; cpu < Cpus.COUNT; cpu++) {
                load.hog(cpu);
            }
            Thread.sleep(1000);
            observer.take();
            long preemptions = scheduler.counters().loopPreemptions();
            Thread.sleep(4000);
            observer.stop();
            preemptions = scheduler.counters().loopPreemptions() - preemptions;
            Figures latency = decided(observer.take(), policy.decisions(), pid -> pid == sleeper);
            reporter.publishEntry("wake-up to decision, all CPUs taken", latency.toString());
            reporter.publishEntry("preemptions for the loop", Long.toString(preemptions));
            assertThat(preemptions).isPositive();
            assertThat(latency.count()).isGreaterThan(8);
            // the timer looks every 25 ms, and lets the loop wait for 50
            assertThat(latency.median()).isLessThan(150 * MILLI);
            // nor may it ever wait for the end of a hog's slice
            assertThat(latency.most()).isLessThan(500 * MILLI);
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
        }
    }

    /// The only CPU has a hog with a slice of a second. The timer would take it for the loop at its
    /// next look, each 4 ms; a wake-up does it at once.
    @Test
    @Timeout(60)
    void isCalledByAWakeUp(TestReporter reporter) throws Exception {
        Recorder policy =
                new Recorder((task, decision) ->
                        decision.vtime(task.comm().equals("hog") ? 1 : 0).sliceNs(1_000 * MILLI));
        try (var _ = OnlineCpus.first(1);
                var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(Attach.partial().build(), policy);
                var load = new Load()) {
            load.runningHog();
            int sleeper = (int) load.sleeper(-1, Integer.MAX_VALUE, 0.05).pid();
            Thread.sleep(1000);
            observer.take();
            Thread.sleep(3000);
            observer.stop();
            List<Event> events = observer.take();
            Figures decided = decided(events, policy.decisions(), pid -> pid == sleeper);
            Figures ran = Waits.afterWakeups(events, pid -> pid == sleeper);
            reporter.publishEntry("wake-up to decision, one CPU", decided.toString());
            reporter.publishEntry("wake-up to switch-in, one CPU", ran.toString());
            assertThat(ran.count()).isGreaterThan(20);
            // who waits for the timer waits for half a tick, in the middle
            assertThat(decided.median()).isLessThan(2 * MILLI);
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
        }
    }

    /// From each wake-up of one of the tasks to the decision about it.
    private static Figures decided(
            List<Event> events, List<Decision> decisions, IntPredicate pids) {
        LongStream.Builder latencies = LongStream.builder();
        for (Event event : events) {
            if (event.type() == Type.WAKEUP && pids.test(event.pid())) {
                decisions.stream()
                        .filter(d -> d.pid() == event.pid() && d.ns() > event.ns())
                        .findFirst()
                        .ifPresent(d -> latencies.add(d.ns() - event.ns()));
            }
        }
        return Figures.of(latencies.build());
    }
}
