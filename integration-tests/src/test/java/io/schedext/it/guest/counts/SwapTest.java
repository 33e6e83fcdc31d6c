// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedext.core.DispatchedTask;
import io.schedext.core.ExitKind;
import io.schedext.core.HandOver;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.RunReport;
import io.schedext.core.SchedulerException;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.SchedulerRunner;
import io.schedext.core.TaskQueue;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.RunnerThread;
import io.schedext.it.guest.support.SchedExt;
import io.schedext.it.guest.support.TaskFiles;
import io.schedext.rlfifo.FifoPolicy;
import io.schedext.vruntime.VruntimePolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// One policy takes the place of another while the kernel goes on: nobody is lost or waits for it.
class SwapTest {

    private static final long SLICE_NS = 5_000_000;

    /// What goes to the kernel side because nobody decided it does so after this long.
    private static final Duration OVERDUE = Duration.ofSeconds(1);

    private static final List<Supplier<Policy>> POLICIES =
            List.of(
                    () -> new FifoPolicy(SLICE_NS),
                    () -> new VruntimePolicy(SLICE_NS, SLICE_NS / 5),
                    HoldsForAWhile::new);

    @Test
    @Timeout(180)
    void nobodyIsLostWhenPoliciesChange(TestReporter reporter) throws Exception {
        swap(9, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(300)
    void nobodyIsLostWhenPoliciesChangeAHundredTimes(TestReporter reporter) throws Exception {
        swap(100, reporter);
    }

    private static void swap(int times, TestReporter reporter) throws Exception {
        int handed = 0;
        long[] lengths = new long[times];
        try (var running = new Running(POLICIES.getLast()).attached();
                var storm = new Storm(false, Cpus.COUNT)) {
            for (int i = 0; i < times; i++) {
                HandOver handOver = running.runner.swap(POLICIES.get(i % POLICIES.size()));
                assertThat(handOver.done()).as("hand-over %d", i).isTrue();
                handed += handOver.tasks();
                lengths[i] = handOver.lengthNs();
                running.awaitDecisions(20);
            }
            storm.calm();
            RunReport report = running.stop();
            long[] sorted = LongStream.of(lengths).sorted().toArray();
            reporter.publishEntry("handed over", handed + " tasks in " + times + " changes");
            reporter.publishEntry(
                    "length, us",
                    "median %d, longest %d"
                            .formatted(sorted[times / 2] / 1_000, sorted[times - 1] / 1_000));
            reporter.publishEntry("tasks", report.tasks().toString());
            assertThat(handed).as("tasks that were held back").isGreaterThan(times / 4);
            assertThat(report.tasks().overdue()).as("lost by a hand-over").isZero();
            checkLedgers(report);
        }
    }

    private static void checkLedgers(RunReport report) {
        assertThat(report.exit().kind()).isEqualTo(ExitKind.UNREGISTERED);
        new Ledgers(report.tasks(), report.decisions()).assertExact();
    }

    /// Whose numbers are large would wait behind all that the next policy decides.
    @Test
    @Timeout(180)
    void whoWasDecidedBeforeIsNotLast(TestReporter reporter) throws Exception {
        SchedulerOptions options =
                Attach.partial()
                        .watchdogTimeout(Duration.ofSeconds(30))
                        .overdueAfter(Duration.ofSeconds(12))
                        .build();
        try (var running = new Running(options, () -> new Any(1L << 40));
                var load = new Load()) {
            List<TaskFiles> hogs = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                hogs.add(TaskFiles.of(load.hog(1).pid()));
            }
            running.awaitDecisions(100);
            running.runner.swap(() -> new Any(1));
            long[] before = hogs.stream().mapToLong(TaskFiles::runtimeNs).toArray();
            running.awaitDecisions(200);
            List<Long> ran = new ArrayList<>();
            for (int i = 0; i < before.length; i++) {
                ran.add((hogs.get(i).runtimeNs() - before[i]) / 1_000_000);
            }
            reporter.publishEntry("ran since, ms", ran.toString());
            assertThat(ran).as("nobody waits for the others").allMatch(ms -> ms > 50);
            checkLedgers(running.stop());
        }
    }

    @Test
    @Timeout(180)
    void withoutAPolicyTheKernelSideSchedules(TestReporter reporter) throws Exception {
        try (var running = new Running(POLICIES.getLast()).attached();
                var storm = new Storm(false, Cpus.COUNT)) {
            running.awaitDecisions(100);
            HandOver withdrawn = running.runner.withdraw();
            assertThat(withdrawn.done()).isTrue();
            // what was decided before is carried out by then
            long[] before = running.dispatched(2);
            long[] after = running.dispatched(20);
            long decided = after[0] - before[0];
            long kernelSide = after[1] - before[1];
            reporter.publishEntry("in 2 s without a policy", kernelSide + " by the kernel side");

            running.runner.swap(POLICIES.getFirst());
            running.awaitDecisions(100);
            storm.calm();
            RunReport report = running.stop();
            assertThat(decided).as("decisions meanwhile").isZero();
            assertThat(kernelSide).as("by the kernel side").isGreaterThan(200);
            assertThat(report.silence().blocked()).isPositive();
            assertThat(report.tasks().overdue()).isZero();
            checkLedgers(report);
        }
    }

    @Test
    @Timeout(180)
    void itMayBeginWithoutAPolicy() throws Exception {
        try (var running = new Running(Attach.whole().build(), () -> null).attached();
                var _ = new Storm(false, Cpus.COUNT)) {
            HandOver handOver = running.runner.swap(POLICIES.getFirst());
            assertThat(handOver.done()).isTrue();
            running.awaitDecisions(20);
            checkLedgers(running.stop());
        }
    }

    @Test
    @Timeout(180)
    void aPolicyThatFailsInItsRehearsalChangesNothing() throws Exception {
        try (var running = new Running(POLICIES.getFirst()).attached();
                var _ = new Storm(false, Cpus.COUNT)) {
            running.awaitDecisions(20);
            Supplier<Policy> wrong =
                    () ->
                            _ -> {
                                throw new IllegalStateException("no idea");
                            };
            assertThatThrownBy(() -> running.runner.swap(wrong))
                    .isInstanceOf(SchedulerException.class)
                    .hasMessage(
                            "The policy failed in its rehearsal with"
                                    + " java.lang.IllegalStateException: no idea; the old one"
                                    + " stays.");
            running.awaitDecisions(20);
            checkLedgers(running.stop());
        }
    }

    /// A runner that schedules the whole guest, in a thread of its own.
    private static final class Running implements AutoCloseable {

        private final SchedulerRunner runner;
        private final RunnerThread thread;
        private final AtomicLong intervals = new AtomicLong();
        private final AtomicLong user = new AtomicLong();
        private final AtomicLong kernel = new AtomicLong();

        Running(Supplier<Policy> first) {
            this(Attach.whole().overdueAfter(OVERDUE).build(), first);
        }

        Running(SchedulerOptions options, Supplier<Policy> first) {
            runner = new SchedulerRunner(options, first);
            runner.statistics(
                    Duration.ofMillis(100),
                    difference -> {
                        user.addAndGet(difference.user());
                        kernel.addAndGet(difference.kernel());
                        intervals.incrementAndGet();
                    });
            thread = new RunnerThread(runner);
        }

        /// Before anything else needs the CPUs.
        Running attached() throws IOException, InterruptedException {
            while (!SchedExt.state().equals("enabled")) {
                thread.check();
                Thread.sleep(20);
            }
            return this;
        }

        void awaitDecisions(int more) throws InterruptedException {
            long start = user.get();
            Await.until(
                    60,
                    more + " decisions",
                    () -> {
                        thread.check();
                        return user.get() >= start + more;
                    });
        }

        /// All dispatches so far, by the policies and by the kernel side, after some more intervals
        /// of 100 ms.
        long[] dispatched(int later) throws InterruptedException {
            long start = intervals.get();
            Await.until(
                    20,
                    later + " intervals",
                    () -> {
                        thread.check();
                        return intervals.get() > start + later;
                    });
            return new long[] {user.get(), kernel.get()};
        }

        RunReport stop() {
            return thread.stop();
        }

        @Override
        public void close() {
            thread.close();
        }
    }

    /// Holds back whatever comes for ten milliseconds, so that there is something to hand over.
    private static final class HoldsForAWhile implements Policy {

        private static final long WHILE_NS = 10_000_000;

        private final TaskQueue held = new TaskQueue(10_000);
        private final DispatchedTask decision = new DispatchedTask();

        @Override
        public long schedule(KernelSide kernel) {
            long now = kernel.nanoTime();
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                held.add(task, now + WHILE_NS);
            }
            while ((task = held.first()) != null && held.firstKey() - now < 0) {
                if (!kernel.dispatchTask(
                        decision.of(task).cpu(DispatchedTask.ANY_CPU).vtime(now))) {
                    break;
                }
                held.removeFirst();
            }
            return held.size();
        }
    }

    /// Whoever is free first, in the order of arrival from a number on.
    private static final class Any implements Policy {

        private final DispatchedTask decision = new DispatchedTask();
        private long vtime;

        Any(long vtime) {
            this.vtime = vtime;
        }

        @Override
        public long schedule(KernelSide kernel) {
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                kernel.dispatchTask(decision.of(task).vtime(vtime++).sliceNs(SLICE_NS));
            }
            return 0;
        }
    }
}
