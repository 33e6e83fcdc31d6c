// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.conformance.Both.Outcome;
import io.schedext.it.guest.conformance.Both.Task;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.Cpus;
import io.schedext.rlfifo.FifoPolicy;
import io.schedext.vruntime.VruntimePolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The simulator of `scx-testkit` is held against this kernel: shares within 5 points, and the same
/// counts where counts are determined.
class ConformanceTest {

    private static final long MILLI = 1_000_000;
    private static final Duration LONG = Duration.ofSeconds(3);
    private static final double POINTS = 5;

    private static Outcome[] compare(
            Supplier<? extends Policy> policies, List<Task> tasks, TestReporter reporter)
            throws Exception {
        return compare(new Both(Attach.partial().build(), policies, tasks, LONG, false), reporter);
    }

    private static Outcome[] compare(Both both, TestReporter reporter) throws Exception {
        Outcome real = both.real();
        Outcome simulated = both.simulated();
        reporter.publishEntry("kernel", real.toString());
        reporter.publishEntry("simulated", simulated.toString());
        return new Outcome[] {real, simulated};
    }

    private static void sharesAgree(Outcome[] outcomes) {
        for (int i = 0; i < outcomes[0].shares().size(); i++) {
            assertThat(outcomes[1].shares().get(i))
                    .as("share of task %d, simulated %s", i, outcomes[1])
                    .isCloseTo(outcomes[0].shares().get(i), within(POINTS));
        }
    }

    private static Supplier<Policy> each(BiConsumer<QueuedTask, DispatchedTask> choice) {
        return () -> {
            DispatchedTask decision = new DispatchedTask();
            return kernel -> {
                QueuedTask task;
                while ((task = kernel.dequeueTask()) != null) {
                    choice.accept(task, decision.of(task));
                    kernel.dispatchTask(decision);
                }
                return 0;
            };
        };
    }

    private static List<Task> ofDifferentWeight(int cpu) {
        return IntStream.of(-5, -5, 0, 5).mapToObj(nice -> Task.hog(nice, cpu)).toList();
    }

    /// Takes each task and says nothing.
    private static long forget(KernelSide kernel) {
        while (kernel.dequeueTask() != null) {
            // it is forgotten
        }
        return 0;
    }

    /// On one CPU the last one to run is never among those the next is taken from.
    @Test
    @Timeout(60)
    void weightsOnOneCpu(TestReporter reporter) throws Exception {
        int cpu = Cpus.COUNT - 1;
        List<Task> tasks = ofDifferentWeight(cpu);
        sharesAgree(compare(() -> new VruntimePolicy(8 * MILLI, MILLI), tasks, reporter));
    }

    @Test
    @Timeout(60)
    void weightsOnAllCpus(TestReporter reporter) throws Exception {
        List<Task> tasks =
                IntStream.of(-4, 0, 0, 0, 0, 0, 0, 0, 4)
                        .mapToObj(nice -> Task.hog(nice, -1))
                        .toList();
        sharesAgree(compare(() -> new VruntimePolicy(8 * MILLI, MILLI), tasks, reporter));
    }

    /// Slices end at the tick after them: 2 ms become 4, 6 become 8 and 18 become 20. These lie in
    /// the middle between ticks, for on an emulated CPU a task starts some time after one.
    @Test
    @Timeout(60)
    void slicesOfDifferentLength(TestReporter reporter) throws Exception {
        int cpu = Cpus.COUNT - 1;
        Supplier<Policy> byWeight =
                each((task, d) -> {
                    long slice = task.weight() > 100 ? 18 : task.weight() == 100 ? 6 : 2;
                    d.cpu(cpu).sliceNs(slice * MILLI);
                });
        List<Task> tasks = IntStream.of(-5, 0, 5).mapToObj(nice -> Task.hog(nice, cpu)).toList();
        sharesAgree(compare(byWeight, tasks, reporter));
    }

    @Test
    @Timeout(60)
    void fifoWithSleepers(TestReporter reporter) throws Exception {
        List<Task> tasks =
                List.of(
                        Task.hog(0, 0),
                        Task.hog(0, 0),
                        Task.hog(0, 1),
                        Task.hog(0, -1),
                        Task.sleeper(-1, 5),
                        Task.sleeper(2, 5));
        sharesAgree(compare(() -> new FifoPolicy(12 * MILLI), tasks, reporter));
    }

    /// A task is bounced whenever it is sent where it may not run, and never else.
    @Test
    @Timeout(60)
    void bouncedTasks(TestReporter reporter) throws Exception {
        List<Task> tasks = List.of(Task.sleeper(0, 5), Task.sleeper(1, 5));
        Supplier<Policy> toTheFirst = each((_, d) -> d.cpu(0));
        for (Outcome outcome : compare(toTheFirst, tasks, reporter)) {
            double bounced = outcome.ledger().bounced();
            double user = outcome.ledger().user();
            assertThat(100 * bounced / (bounced + user)).isCloseTo(50, within(POINTS));
        }
    }

    /// A lone task goes on beyond its slice without being decided again.
    @Test
    @Timeout(60)
    void aLoneHog(TestReporter reporter) throws Exception {
        List<Task> tasks = List.of(Task.hog(0, Cpus.COUNT - 1), Task.sleeper(0, 50));
        Supplier<Policy> stays = each((_, d) -> d.sliceNs(5 * MILLI));
        Outcome[] outcomes = compare(stays, tasks, reporter);
        sharesAgree(outcomes);
        for (Outcome outcome : outcomes) {
            // some by the hog's start, the rest are the sleeper's; slices would end 500 times
            assertThat(outcome.ledger().user()).isLessThan(300);
        }
    }

    /// What is forgotten runs when it is overdue, and is counted as that.
    @Test
    @Timeout(60)
    void forgottenTasks(TestReporter reporter) throws Exception {
        SchedulerOptions options = Attach.partial().overdueAfter(Duration.ofMillis(300)).build();
        List<Task> tasks = List.of(Task.sleeper(-1, 1), Task.sleeper(-1, 1));
        Outcome[] outcomes =
                compare(
                        new Both(options, () -> ConformanceTest::forget, tasks, LONG, false),
                        reporter);
        for (Outcome outcome : outcomes) {
            assertThat(outcome.ledger().user()).isZero();
            assertThat(outcome.ledger().overdue()).isBetween(8L, 60L);
        }
    }

    /// While the loop is held up the kernel side shares by weight.
    @Test
    @Timeout(60)
    void aLoopThatIsHeldUp(TestReporter reporter) throws Exception {
        int cpu = Cpus.COUNT - 1;
        List<Task> tasks = ofDifferentWeight(cpu);
        Supplier<Policy> inOrder = each((_, d) -> d.cpu(cpu));
        Outcome[] outcomes =
                compare(new Both(Attach.partial().build(), inOrder, tasks, LONG, true), reporter);
        sharesAgree(outcomes);
        for (Outcome outcome : outcomes) {
            assertThat(outcome.silence().blocked()).isPositive();
        }
    }
}
