// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.DispatchedTask;
import io.schedext.core.ExitKind;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.RunReport;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.SchedulerRunner;
import io.schedext.core.Statistics;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.OwnMap;
import io.schedext.it.guest.support.RunnerThread;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.SchedObserver.Type;
import io.schedext.it.suite.AllowKernelLog;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The kernel ends a scheduler when a CPU comes or goes, and asks for it to be attached again.
@AllowKernelLog("sched_ext: .* disabled \\(unregistered from the main kernel\\)")
class HotplugTest {

    private static final int CPU = Cpus.COUNT - 1;

    @AfterEach
    void allOnline() throws Exception {
        Cpus.online(CPU, true);
    }

    @Test
    @Timeout(60)
    void theKernelEndsTheSchedulerAndAsksForAnother() throws Exception {
        Recorder policy = new Recorder((_, _) -> {});
        try (var scheduler = new AttachedScheduler(Attach.partial().build(), policy)) {
            assertThat(scheduler.exitInfo().kind()).isEqualTo(ExitKind.NONE);
            assertThat(scheduler.counters().onlineCpus()).isEqualTo(Cpus.COUNT);
            Cpus.takeOff(CPU);
            Await.until(10, "the kernel ends it", scheduler::exited);
            assertThat(scheduler.exitInfo().kind()).isEqualTo(ExitKind.UNREGISTERED_BY_KERNEL);
            assertThat(scheduler.exitInfo().shouldRestart()).isTrue();
            assertThat(scheduler.exitInfo().kind().isEviction()).isFalse();
            assertThat(scheduler.exitInfo().message()).contains("cpu " + CPU);
        }
        try (var scheduler = new AttachedScheduler(Attach.partial().build(), policy)) {
            assertThat(scheduler.counters().onlineCpus()).isEqualTo(Cpus.COUNT - 1);
            Cpus.online(CPU, true);
            Await.until(10, "the kernel ends it", scheduler::exited);
            assertThat(scheduler.exitInfo().shouldRestart()).isTrue();
        }
    }

    @Test
    @Timeout(90)
    void theRunnerAttachesAgain(TestReporter reporter) throws Exception {
        rounds(1, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(600)
    void theRunnerAttachesAgainAndAgain(TestReporter reporter) throws Exception {
        rounds(10, reporter);
    }

    private static void rounds(int rounds, TestReporter reporter) throws Exception {
        try (var load = new Load();
                var run = new Running(load);
                var observer = new SchedObserver()) {
            run.awaitAttached(1, Cpus.COUNT);
            Set<Integer> storage = OwnMap.ids(OwnMap.TASK_STORAGE);
            assertThat(storage).as("maps of task storage").hasSize(1);
            int attached = 1;
            long slowest = 0;
            for (int round = 0; round < rounds; round++) {
                for (boolean online : new boolean[] {false, true}) {
                    if (online) {
                        Cpus.online(CPU, true);
                    } else {
                        Cpus.takeOff(CPU);
                    }
                    long start = System.nanoTime();
                    run.awaitAttached(++attached, online ? Cpus.COUNT : Cpus.COUNT - 1);
                    slowest = Math.max(slowest, System.nanoTime() - start);
                    run.awaitDecisions(20);
                    observer.take();
                    Thread.sleep(200);
                    assertThat(observer.take())
                            .as("switch-ins with %s", online ? "all CPUs" : "one CPU less")
                            .filteredOn(e -> e.type() == Type.SWITCH_IN)
                            .hasSizeGreaterThan(3);
                    // freed while one more CPU goes, it would lock up the kernel
                    assertThat(OwnMap.ids(OwnMap.TASK_STORAGE))
                            .as("maps of task storage")
                            .isEqualTo(storage);
                }
            }
            assertThat(run.remembered()).as("tasks with state from the scheduler before").isZero();
            reporter.publishEntry("slowest restart, ms", Long.toString(slowest / 1_000_000));
            RunReport report = run.stop();
            assertThat(report.exit().kind()).isEqualTo(ExitKind.UNREGISTERED);
            assertThat(report.tasks().held()).isZero();
        }
    }

    /// CPUs that come and go faster than a scheduler attaches.
    @Test
    @Tag("full")
    @Timeout(300)
    void theRunnerSurvivesCpusThatComeAndGoMeanwhile() throws Exception {
        try (var load = new Load();
                var run = new Running(load)) {
            run.awaitAttached(1, Cpus.COUNT);
            for (int pause : new int[] {0, 100, 300, 500, 800, 1000, 1300, 1600, 2000, 3000}) {
                if (pause == 0) {
                    Cpus.takeOff(CPU); // maps of the test before may still be being freed
                } else {
                    Cpus.online(CPU, false);
                }
                Thread.sleep(pause);
                Cpus.online(CPU, true);
                Thread.sleep(pause);
            }
            int policies = run.attached();
            Await.until(30, "decisions with all CPUs", () -> run.decides(Cpus.COUNT));
            assertThat(policies).isGreaterThan(2);
            assertThat(run.stop().exit().kind()).isEqualTo(ExitKind.UNREGISTERED);
        }
    }

    /// A runner that schedules the whole guest, in a thread of its own.
    private static final class Running implements AutoCloseable {

        /// The first policy is for the rehearsal.
        private final AtomicInteger attached = new AtomicInteger(-1);

        private final AtomicInteger decisions = new AtomicInteger();
        private final AtomicInteger remembered = new AtomicInteger();
        private final RunnerThread thread;
        private volatile Statistics statistics;

        /// @param load gets tasks that sleep and wake, or there would be nobody to decide about; of
        ///   the class SCHED_EXT, or the observer would not see them
        Running(Load load) throws IOException {
            for (int i = 0; i < 3; i++) {
                load.sleeper(-1, Integer.MAX_VALUE, 0.01);
            }
            SchedulerOptions options = Attach.whole().build();
            thread =
                    new RunnerThread(
                            new SchedulerRunner(options, this::newPolicy)
                                    .statistics(Duration.ofMillis(100), s -> statistics = s));
        }

        private Policy newPolicy() {
            attached.incrementAndGet();
            decisions.set(0);
            return new Any(decisions, remembered);
        }

        int attached() {
            return attached.get();
        }

        /// How often a task was not new to a scheduler that had not seen it before.
        int remembered() {
            return remembered.get();
        }

        boolean decides(int cpus) {
            thread.check();
            Statistics now = statistics;
            return now != null && now.onlineCpus() == cpus && decisions.get() > 0;
        }

        void awaitAttached(int times, int cpus) throws InterruptedException {
            Await.until(
                    30,
                    "attached for the time number " + times + ", " + cpus + " CPUs",
                    () -> attached.get() == times && decides(cpus));
        }

        void awaitDecisions(int more) throws InterruptedException {
            int start = decisions.get();
            Await.until(10, more + " decisions", () -> decisions.get() >= start + more);
        }

        RunReport stop() {
            return thread.stop();
        }

        @Override
        public void close() {
            thread.close();
        }
    }

    /// Whoever is free first.
    private static final class Any implements Policy {

        private final AtomicInteger decisions;
        private final AtomicInteger remembered;
        private final Set<Integer> known = new HashSet<>();
        private final DispatchedTask decision = new DispatchedTask();

        Any(AtomicInteger decisions, AtomicInteger remembered) {
            this.decisions = decisions;
            this.remembered = remembered;
        }

        @Override
        public long schedule(KernelSide kernel) {
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                if (known.add(task.pid()) && (task.generation() != 1 || task.vtime() != 0)) {
                    remembered.incrementAndGet();
                }
                kernel.dispatchTask(decision.of(task).cpu(DispatchedTask.ANY_CPU).vtime(1));
                decisions.incrementAndGet();
            }
            return 0;
        }
    }
}
