// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.Counters;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.Silence;
import io.schedext.it.guest.counts.Ledgers;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.OnlineCpus;
import io.schedext.rlfifo.FifoPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The whole guest is scheduled by a policy that does not come back: it computes for ever, or waits
/// for ever. The kernel side goes on without it.
class RunawayPolicyTest {

    private static final Duration WATCHDOG = Duration.ofMillis(1_500);

    @Test
    @Timeout(90)
    void anEndlessLoop(TestReporter reporter) throws Exception {
        Silence silence = check(4, 3, new Runaway(Runaway::computeUntil), reporter);
        assertThat(silence.stalled()).as("stalled, %s", silence).isPositive();
    }

    @Test
    @Timeout(90)
    void anEndlessLoopOnTheOnlyCpu(TestReporter reporter) throws Exception {
        Silence silence = check(1, 3, new Runaway(Runaway::computeUntil), reporter);
        assertThat(silence.stalled()).as("stalled, %s", silence).isPositive();
    }

    @Test
    @Timeout(90)
    void aLockThatNobodyReleases(TestReporter reporter) throws Exception {
        Silence silence = check(2, 3, new Runaway(CompletableFuture::join), reporter);
        assertThat(silence.blocked()).as("blocked, %s", silence).isPositive();
    }

    @Test
    @Tag("full")
    @Timeout(200)
    void anEndlessLoopForLong(TestReporter reporter) throws Exception {
        for (int cpus : new int[] {1, 2, 4}) {
            check(cpus, 10, new Runaway(Runaway::computeUntil), reporter);
        }
    }

    private static Silence check(int cpus, double seconds, Runaway policy, TestReporter reporter)
            throws Exception {
        SchedulerOptions options =
                SchedulerOptions.builder()
                        .name("runaway")
                        .builtinIdle(false)
                        .watchdogTimeout(WATCHDOG)
                        .build();
        try (var _ = OnlineCpus.first(cpus)) {
            Throughput before = Throughput.measure(cpus, seconds / 2);
            Throughput meanwhile;
            Silence silence;
            try (var scheduler = new AttachedScheduler(options, policy)) {
                Counters counters = scheduler.counters();
                policy.runAway();
                meanwhile = Throughput.measure(cpus, seconds);
                assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
                silence = counters.silence();
                policy.comeBack();
                awaitDispatches(counters, Duration.ofSeconds(1));
                Ledgers.exactAfterDetach(scheduler, reporter);
            } finally {
                policy.comeBack();
            }
            Throughput after = Throughput.measure(cpus, seconds / 2);
            reporter.publishEntry("silence, " + cpus + " CPUs", silence.toString());
            meanwhile.isKept("on " + cpus + " CPUs", before.times(2), after.times(2), reporter);
            return silence;
        }
    }

    /// Whether the policy decides again.
    private static void awaitDispatches(Counters counters, Duration limit)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long before = counters.userDispatches();
        while (counters.userDispatches() == before) {
            assertThat(System.nanoTime() - start)
                    .as("ns without a decision after it came back")
                    .isLessThan(limit.toNanos());
            // threads of this process it never sees
            new ProcessBuilder("/bin/true").start().waitFor();
        }
    }

    /// First in, first out, until it runs away.
    private static final class Runaway implements Policy {

        private final Policy fifo = new FifoPolicy(20_000_000);
        private final Consumer<CompletableFuture<Void>> how;
        private volatile CompletableFuture<Void> away = CompletableFuture.completedFuture(null);

        Runaway(Consumer<CompletableFuture<Void>> how) {
            this.how = how;
        }

        static void computeUntil(CompletableFuture<Void> done) {
            while (!done.isDone()) {
                Thread.onSpinWait();
            }
        }

        void runAway() {
            away = new CompletableFuture<>();
        }

        void comeBack() {
            away.complete(null);
        }

        @Override
        public long schedule(KernelSide kernel) {
            how.accept(away);
            return fifo.schedule(kernel);
        }
    }
}
