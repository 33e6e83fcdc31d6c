// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import static io.schedext.testkit.SimulationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.schedext.core.DispatchedTask;
import io.schedext.core.Policy;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.Silence;
import io.schedext.core.TaskLedger;
import io.schedext.testkit.Behaviour.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final long MILLI = 1_000_000;

    private static Duration ms(long ms) {
        return Duration.ofMillis(ms);
    }

    private static Duration us(long us) {
        return Duration.ofNanos(1_000 * us);
    }

    private static SchedulerOptions.Builder asking() {
        return SchedulerOptions.builder().name("test").builtinIdle(false);
    }

    private static Simulation simulation(Machine machine, Policy policy) {
        return Simulation.of(machine, policy, asking().build(), 1);
    }

    @Test
    void aLoneTaskGoesOnBeyondItsSlice() {
        var simulation = simulation(Machine.of(2), Policies.fifo());
        SimulatedTask hog = simulation.spawn("hog", Behaviour.hog());
        simulation.run(ms(1_000));
        assertThat(hog.cpuShare()).isCloseTo(1, within(0.001));
        assertThat(hog.runs()).isEqualTo(1);
        assertThat(simulation.counters().tasks().user()).isEqualTo(1);
    }

    @Test
    void aJobTakesItsTimeAndEnds() {
        var simulation = simulation(Machine.of(1).costs(Machine.Costs.NONE), Policies.fifo());
        SimulatedTask job = simulation.spawn("job", Behaviour.job(ms(3)));
        simulation.run(ms(10));
        assertThat(job.exited()).isTrue();
        assertThat(job.runTime()).isEqualTo(ms(3));
    }

    @Test
    void aFasterCpuIsDoneEarlier() {
        Machine machine = Machine.of(2).speed(1, 2).costs(Machine.Costs.NONE);
        var simulation = simulation(machine, Policies.each((task, d) -> d.cpu(task.cpu())));
        SimulatedTask slow = simulation.spawn("slow", Behaviour.job(ms(2))).cpus(0);
        SimulatedTask fast = simulation.spawn("fast", Behaviour.job(ms(2))).cpus(1);
        simulation.run(ms(10));
        assertThat(slow.runTime()).isEqualTo(ms(2));
        assertThat(fast.runTime()).isEqualTo(ms(1));
    }

    @Test
    void slicesEndAtTheTickAfterThem() {
        List<Long> runs = new ArrayList<>();
        Policy policy =
                Policies.each((task, d) -> {
                    if (task.stopTs() > 0) {
                        runs.add(task.stopTs() - task.startTs());
                    }
                    d.cpu(0).sliceNs(9 * MILLI);
                });
        // the loop has the other CPU for itself
        var simulation = simulation(Machine.of(2).costs(Machine.Costs.NONE), policy);
        simulation.spawn(2, "hog", Behaviour.hog()).forEach(hog -> hog.cpus(0));
        simulation.run(ms(1_000));
        assertThat(runs).hasSizeGreaterThan(50).allMatch(ns -> ns <= 12 * MILLI);
        assertThat(runs.stream().filter(ns -> ns > 11 * MILLI).count())
                .isGreaterThan(runs.size() * 8 / 10);
    }

    @Test
    void tasksRunInTheOrderOfTheirVtimes() {
        List<Integer> order = new ArrayList<>();
        Policy policy = Policies.each((task, d) -> d.vtime(-task.pid()));
        var simulation = simulation(Machine.of(1), policy);
        SimulatedTask first = simulation.spawn("first", Behaviour.job(ms(30)));
        Behaviour job =
                _ ->
                        new Behaviour.Script() {
                            private boolean ran;

                            @Override
                            public Step next(SimulatedTask self) {
                                if (ran) {
                                    order.add(self.pid());
                                }
                                Step step = ran ? new Step.Exit() : new Step.Run(100_000);
                                ran = true;
                                return step;
                            }
                        };
        simulation.run(ms(10));
        List<SimulatedTask> jobs = simulation.spawn(10, "job", job);
        simulation.run(ms(100));
        assertThat(first.exited()).isTrue();
        assertThat(order)
                .containsExactlyElementsOf(
                        jobs.reversed().stream().map(SimulatedTask::pid).toList());
    }

    /// One or two in 10,000 in a kernel.
    @Test
    void aDecisionThatOvertakesItsTaskIsCarriedOut() {
        var simulation = simulation(Machine.of(4), Policies.fifo());
        for (int i = 0; i < 20; i++) {
            simulation.spawn("sleeper", Behaviour.sleeper(us(10 + i), us(100 + 7 * i)));
        }
        simulation.run(ms(1_000));
        TaskLedger tasks = simulation.counters().tasks();
        assertThat(simulation.counters().moveRetries())
                .isPositive()
                .isLessThan(tasks.user() / 2_000);
        assertThat(simulation.counters().decisions().stale()).isZero();
        assertThat(tasks.opened()).isEqualTo(tasks.user() + tasks.held());
    }

    @Test
    void anImpossibleCpuIsReplacedAndCounted() {
        var simulation = simulation(Machine.of(4), Policies.each((_, d) -> d.cpu(3)));
        SimulatedTask pinned =
                simulation.spawn("pinned", Behaviour.sleeper(us(100), ms(1))).cpus(1);
        simulation.spawn("free", Behaviour.sleeper(us(100), ms(1)));
        simulation.run(ms(500));
        TaskLedger ledger = simulation.counters().tasks();
        assertThat(ledger.bounced()).isEqualTo(pinned.runs());
        assertThat(ledger.user()).isPositive();
        assertThat(simulation).lostNoTask().wasNotEvicted();
    }

    @Test
    void aChangeOfAffinityQueuesATaskAnew() {
        Policy holdsAll = kernel -> 0 * kernel.nanoTime();
        var simulation = simulation(Machine.of(4), holdsAll);
        SimulatedTask task = simulation.spawn("task", Behaviour.hog());
        simulation.run(ms(1));
        assertThat(simulation.counters().tasks().opened()).isEqualTo(1);
        task.cpus(0, 1);
        assertThat(simulation.counters().tasks().requeued()).isEqualTo(1);
        assertThat(simulation.counters().tasks().opened()).isEqualTo(2);
        // queued where it was, and then where it may run
        task.cpus(2, 3);
        assertThat(simulation.counters().tasks().requeued()).isEqualTo(3);
        assertThat(simulation.counters().tasks().opened()).isEqualTo(4);
        assertThat(simulation).lostNoTask();
    }

    @Test
    void aLateDecisionIsStale() {
        List<DispatchedTask> held = new ArrayList<>();
        List<Long> vtimes = new ArrayList<>();
        Policy policy =
                kernel -> {
                    for (var task = kernel.dequeueTask(); task != null; ) {
                        vtimes.add(task.vtime());
                        held.add(new DispatchedTask(task).vtime(task.generation()));
                        task = kernel.dequeueTask();
                    }
                    if (held.size() == 2) {
                        held.forEach(kernel::dispatchTask);
                        held.clear();
                    }
                    return held.size();
                };
        var simulation = simulation(Machine.of(2), policy);
        SimulatedTask task = simulation.spawn("task", Behaviour.hog());
        simulation.run(ms(2));
        task.nice(5);
        simulation.run(ms(50));
        assertThat(simulation.counters().decisions().stale()).isEqualTo(1);
        assertThat(task.runs()).isPositive();
        // taken off both CPUs in turn, its next record tells which of the two was carried out
        task.cpus(0);
        simulation.run(ms(10));
        task.cpus(1);
        simulation.run(ms(10));
        assertThat(vtimes).startsWith(0L, 0L, 2L);
        assertThat(simulation).lostNoTask();
    }

    @Test
    void forgottenTasksRunWhenTheyAreOverdue() {
        var options = asking().overdueAfter(ms(400)).build();
        var simulation = Simulation.of(Machine.of(2), Policies.forgetful(), options, 1);
        List<SimulatedTask> tasks = simulation.spawn(6, "task", Behaviour.sleeper(us(500), ms(2)));
        simulation.run(ms(5_000));
        assertThat(simulation.counters().tasks().overdue()).isPositive();
        for (SimulatedTask task : tasks) {
            assertThat(task.longestWait()).isLessThan(ms(450));
        }
        assertThat(simulation).lostNoTask().wasNotEvicted();
    }

    @Test
    void whileTheLoopIsHeldUpTheKernelSideSchedules() {
        var simulation = simulation(Machine.of(2), Policies.fifo());
        List<SimulatedTask> tasks = simulation.spawn(8, "task", Behaviour.sleeper(us(500), ms(2)));
        simulation.spawn("hog", Behaviour.hog());
        simulation.run(ms(100)).pauseLoop(ms(0), ms(2_000)).run(ms(2_500));
        Silence silence = simulation.counters().silence();
        assertThat(silence.blocked()).isEqualTo(1);
        assertThat(silence.endedNs()).isBetween(1_900 * MILLI, 2_010 * MILLI);
        for (SimulatedTask task : tasks) {
            assertThat(task.longestWait()).isLessThan(ms(100));
        }
        assertThat(simulation).lostNoTask().wasNotEvicted();
        long decided = simulation.counters().tasks().user();
        simulation.run(ms(100));
        assertThat(simulation.counters().tasks().user()).isGreaterThan(decided + 50);
    }

    @Test
    void aFullRingIsCongestionAndLosesNothing() {
        Policy deaf = _ -> 0;
        var options = asking().overdueAfter(ms(2_000)).build();
        var simulation = Simulation.of(Machine.of(4), deaf, options, 1);
        simulation.spawn(6_000, "task", Behaviour.sleeper(us(10), ms(1_000)));
        simulation.run(ms(500));
        assertThat(simulation.counters().congestionEvents()).isGreaterThanOrEqualTo(500);
        simulation.run(ms(4_000));
        assertThat(simulation.tasks()).allMatch(task -> task.runs() > 0);
        assertThat(simulation).lostNoTask().wasNotEvicted();
    }

    @Test
    void aPauseHoldsALoopThatHardlyRuns() {
        var options = asking().build();
        Machine machine = Machine.of(2).costs(Machine.Costs.NONE);
        var simulation = Simulation.of(machine, Policies.fifo(), options, 1);
        simulation.spawn("task", Behaviour.sleeper(us(100), ms(1)));
        simulation.pauseLoop(ms(10), ms(500)).run(ms(1_000));
        assertThat(simulation.counters().silence().blocked()).isEqualTo(1);
        assertThat(simulation.counters().silence().endedNs()).isBetween(470 * MILLI, 500 * MILLI);
    }

    @Test
    void aScriptThatTakesNoTimeIsAnError() {
        var simulation = simulation(Machine.of(1), Policies.fifo());
        simulation.spawn("spinner", _ -> _ -> new Step.Yield());
        assertThatThrownBy(() -> simulation.run(ms(10)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("spinner")
                .hasMessageContaining("no time");
    }

    @Test
    void impossibleChangesAreRefusedAndChangeNothing() {
        var simulation = simulation(Machine.of(2), Policies.fifo());
        simulation.spawn(4, "hog", Behaviour.hog());
        simulation.run(ms(5));
        for (SimulatedTask hog : simulation.tasks()) {
            assertThatThrownBy(() -> hog.nice(20)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(hog::cpus).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> hog.cpus(2)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> simulation.pauseLoop(ms(-1), ms(5)))
                .isInstanceOf(IllegalArgumentException.class);
        simulation.run(ms(200));
        assertThat(simulation).lostNoTask().letNobodyWaitLongerThan(ms(100));
    }

    /// With a CPU for itself it never comes to the policy; its start is no wake-up.
    @Test
    void aPinnedTaskIsDispatchedToItsIdleCpu() {
        List<Long> flags = new ArrayList<>();
        var simulation =
                Simulation.of(
                        Machine.of(2),
                        Policies.each((task, _) -> flags.add(task.flags())),
                        SchedulerOptions.builder().name("test").build(),
                        1);
        simulation.run(ms(1)); // the loop has come to rest
        SimulatedTask pinned = simulation.spawn("pinned", Behaviour.sleeper(us(50), ms(1)));
        pinned.cpus(1);
        simulation.run(ms(100));
        assertThat(pinned.wakeUps()).isBetween(90L, 100L);
        // and the start, which is none
        long times = pinned.wakeUps() + 1;
        assertThat(pinned.runs()).isBetween(times - 1, times);
        assertThat(simulation.counters().directDispatches()).isEqualTo(times);
        assertThat(flags).isEmpty();
    }

    @Test
    void aLargeMachineFitsIntoOneGibibyte() {
        Machine machine = Machine.of(256).threadsPerCore(2).cpusPerCache(16).cpusPerNode(128);
        var simulation = simulation(machine, Policies.fifo());
        simulation.spawn(100_000, "task", Behaviour.random(us(50), ms(50)));
        simulation.run(ms(100));
        System.gc();
        long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        assertThat(used).as("bytes of heap").isLessThan(1L << 30);
        assertThat(simulation.counters().userDispatches()).isGreaterThan(50_000);
        assertThat(simulation).lostNoTask();
    }

    @Test
    void whatAPolicyThrowsComesThrough() {
        Policy failing =
                _ -> {
                    throw new IllegalStateException("on purpose");
                };
        var simulation = simulation(Machine.of(1), failing);
        simulation.spawn("task", Behaviour.hog());
        assertThatThrownBy(() -> simulation.run(ms(10))).hasMessage("on purpose");
        assertThatThrownBy(() -> simulation.run(ms(10))).hasMessage("on purpose");
    }

    @Test
    void tasksWakeEachOther() {
        var simulation = simulation(Machine.of(2), Policies.fifo());
        Behaviour pong = Behaviour.repeat(new Step.Sleep(Long.MAX_VALUE), new Step.Run(20_000));
        SimulatedTask waker = simulation.spawn("pong", pong);
        SimulatedTask ping =
                simulation.spawn(
                        "ping",
                        Behaviour.repeat(
                                new Step.Run(20_000), new Step.Wake(waker), new Step.Sleep(MILLI)));
        simulation.run(ms(1_000));
        assertThat(ping.wakeUps()).isBetween(900L, 1_000L);
        assertThat(waker.wakeUps()).isBetween(ping.wakeUps() - 2, ping.wakeUps() + 2);
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertThat(fingerprint(7, 1)).isEqualTo(fingerprint(7, 1));
        assertThat(fingerprint(7, 1)).isNotEqualTo(fingerprint(8, 1));
    }

    @Test
    void timeMayPassInPieces() {
        assertThat(fingerprint(7, 1_000)).isEqualTo(fingerprint(7, 1));
    }

    private static String fingerprint(long seed, int pieces) {
        var simulation =
                Simulation.of(Machine.of(3), Policies.fair(5 * MILLI), asking().build(), seed);
        simulation.spawn(20, "task", Behaviour.random(us(300), us(900)));
        for (int i = 0; i < pieces; i++) {
            simulation.run(Duration.ofNanos(1_000 * MILLI / pieces));
        }
        StringBuilder all = new StringBuilder(simulation.counters().tasks().toString());
        for (SimulatedTask task : simulation.tasks()) {
            all.append(task).append(task.runTime()).append(task.waited()).append(task.migrations());
        }
        return all.toString();
    }
}
