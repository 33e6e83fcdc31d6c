// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.Counters;
import io.schedext.core.DecisionLedger;
import io.schedext.core.DispatchedTask;
import io.schedext.it.guest.behaviour.Scripted.Step;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Figures;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.SchedObserver.Event;
import io.schedext.it.guest.support.SchedObserver.Type;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// Decisions that cannot be carried out as they are: each is counted for what it is, and the task
/// runs all the same, once.
class OddDecisionsTest {

    private static final int CPU = 1;
    private static final int OFFLINE = Cpus.COUNT - 1;
    private static final int TIMES = 5;

    private final Scripted policy = new Scripted((kernel, _, good) -> kernel.dispatchTask(good));
    private SchedObserver observer;
    private AttachedScheduler scheduler;
    private Load load;
    private long pid;

    @BeforeEach
    void attach() throws Exception {
        Cpus.takeOff(OFFLINE);
        observer = new SchedObserver();
        load = new Load();
        scheduler = new AttachedScheduler(Attach.partial().build(), policy);
        pid = load.sleeper(CPU, Integer.MAX_VALUE, 0.005).pid();
        decide("warm-up", (kernel, _, good) -> kernel.dispatchTask(good));
        observer.take();
    }

    @AfterEach
    void detach() throws Exception {
        try {
            if (load != null) {
                load.close();
            }
            if (scheduler != null) {
                scheduler.close();
            }
            if (observer != null) {
                observer.close();
            }
        } finally {
            Cpus.online(OFFLINE, true);
            Cpus.pinOwnThreads(Cpus.ALL);
        }
    }

    @Tag("conformance")
    @Test
    @Timeout(60)
    void eachIsCountedAndTheTaskRunsOnce() throws Exception {
        DecisionLedger start = settled();
        observer.take();
        impossibleCpus();
        tasksThatAreNotThere();
        staleDecisions();

        // all that ran was dispatched, and all that was dispatched ran
        observer.stop();
        DecisionLedger end = settled();
        long dispatched = end.user() + end.bounced() - start.user() - start.bounced();
        List<Event> events = observer.take();
        long resumed = Run.of(events).stream().filter(Run::resumed).count();
        long switchIns = count(events, Type.SWITCH_IN) - resumed;
        // a few happen between the look at the ledger and the one at the observer
        assertThat(switchIns)
                .as("switch-ins, not resumed")
                .isBetween(dispatched - TIMES, dispatched + TIMES);
        assertThat(events)
                .as("switch-ins of the task that may use CPU %s only", CPU)
                .filteredOn(e -> e.type() == Type.SWITCH_IN)
                .allMatch(e -> e.cpu() == CPU);
        assertThat(end.unaccounted()).isZero();
        assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
    }

    private void impossibleCpus() throws Exception {
        int[] impossible = {
            CPU - 1, // not allowed
            OFFLINE,
            Cpus.COUNT, // not there
            1000,
            DispatchedTask.ANY_CPU - 1,
            DispatchedTask.ANY_CPU + 1,
            Integer.MAX_VALUE,
            -1,
            Integer.MIN_VALUE
        };
        for (int cpu : impossible) {
            Delta delta =
                    decide("CPU " + cpu, (kernel, _, good) -> kernel.dispatchTask(good.cpu(cpu)));
            delta.is(TIMES, 0, 0, 0);
        }
        decide(
                        "any CPU",
                        (kernel, _, good) -> kernel.dispatchTask(good.cpu(DispatchedTask.ANY_CPU)))
                .is(0, 0, 0, 0);
    }

    private void tasksThatAreNotThere() throws Exception {
        Process exited = new ProcessBuilder("true").start();
        exited.waitFor();
        decide("exited", and(d -> d.pid((int) exited.pid()))).is(0, 0, TIMES, 0);
        decide("out of range", and(d -> d.pid(Integer.MAX_VALUE))).is(0, 0, TIMES, 0);
        int own = (int) ProcessHandle.current().pid();
        for (int odd : new int[] {0, -1, Integer.MIN_VALUE, 1, 2, own}) {
            decide("pid " + odd, and(d -> d.pid(odd))).is(0, 0, 0, TIMES);
        }
    }

    private void staleDecisions() throws Exception {
        decide("again", and(d -> d)).is(0, TIMES, 0, 0);
        for (long later : new long[] {-1, 1, 1L << 62, Long.MIN_VALUE}) {
            decide("generation + " + later, before(d -> d.generation(d.generation() + later)))
                    .is(0, TIMES, 0, 0);
        }
        decide("generation 0", before(d -> d.generation(0))).is(0, TIMES, 0, 0);
    }

    /// Changes a decision.
    @FunctionalInterface
    private interface Change {
        DispatchedTask of(DispatchedTask decision);
    }

    /// The good decision, then an odd one.
    private static Step and(Change change) {
        return (kernel, _, decision) -> {
            kernel.dispatchTask(decision);
            kernel.dispatchTask(change.of(decision));
        };
    }

    /// An odd decision, then the good one.
    private static Step before(Change change) {
        return (kernel, task, decision) -> {
            kernel.dispatchTask(change.of(decision));
            kernel.dispatchTask(decision.of(task));
        };
    }

    /// What became of odd decisions.
    private record Delta(String what, long bounced, long stale, long gone, long refused) {
        void is(long wantBounced, long wantStale, long wantGone, long wantRefused) {
            assertThat(this)
                    .isEqualTo(new Delta(what, wantBounced, wantStale, wantGone, wantRefused));
        }
    }

    private Delta decide(String what, Step step) throws Exception {
        DecisionLedger start = settled();
        policy.decide(pid, TIMES, step);
        DecisionLedger end = settled();
        return new Delta(
                what,
                end.bounced() - start.bounced(),
                end.stale() - start.stale(),
                end.gone() - start.gone(),
                end.refused() - start.refused());
    }

    /// The ledger when all decisions made before have been looked at.
    private DecisionLedger settled() throws InterruptedException {
        Counters counters = scheduler.counters();
        long submitted = counters.decisions().submitted();
        Await.until(
                10,
                "decisions looked at",
                () -> {
                    DecisionLedger now = counters.decisions();
                    return now.drained() >= submitted && now.unaccounted() == 0;
                });
        return counters.decisions();
    }

    private static long count(List<Event> events, Type type) {
        return events.stream().filter(e -> e.type() == type).count();
    }

    @Test
    @Timeout(60)
    void noOtherFlagDoesAnything(TestReporter reporter) throws Exception {
        // where the loop runs, it may take the CPU from whoever has it
        Cpus.pinOwnThreads(1L << (CPU - 1) | 1L << (CPU + 1));
        long slice = 30_000_000;
        long hog = load.hog(CPU).pid();
        Step sliced =
                (kernel, task, d) -> kernel.dispatchTask(d.sliceNs(task.pid() == hog ? slice : 0));
        policy.usually(sliced);
        Thread.sleep(300);
        observer.take();
        for (int bit = 0; bit < 64; bit++) {
            long flag = 1L << bit;
            if (flag != DispatchedTask.PREEMPT) {
                policy.decide(pid, 1, (kernel, _, d) -> kernel.dispatchTask(d.flags(flag)));
            }
        }
        policy.decide(
                pid,
                TIMES,
                (kernel, _, d) -> kernel.dispatchTask(d.flags(~DispatchedTask.PREEMPT)));
        Figures kept = wholeSlices(hog);
        policy.decide(
                pid, 40, (kernel, _, d) -> kernel.dispatchTask(d.flags(DispatchedTask.PREEMPT)));
        Figures cut = wholeSlices(hog);
        policy.decide(pid, 20, (kernel, _, d) -> kernel.dispatchTask(d.flags(-1L)));
        Figures cutToo = wholeSlices(hog);
        reporter.publishEntry("hog's runs, other flags", kept.toString());
        reporter.publishEntry("hog's runs, PREEMPT", cut.toString());
        reporter.publishEntry("hog's runs, all flags", cutToo.toString());
        assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
        assertThat(kept.count()).isGreaterThan(20);
        assertThat(kept.least()).as("the hog's shortest run").isGreaterThan(slice - 1_000_000);
        assertThat(cut.median()).as("the hog's median run").isLessThan(slice / 2);
        assertThat(cutToo.median()).as("the hog's median run").isLessThan(slice / 2);
    }

    private Figures wholeSlices(long hog) {
        return Figures.of(
                Run.of(observer.take()).stream()
                        .filter(r -> r.pid() == hog && r.wholeSlice())
                        .mapToLong(Run::ns));
    }
}
