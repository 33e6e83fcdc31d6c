// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.LoopHealth;
import io.schedext.core.Statistics;
import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StatisticsThreadTest {

    private static final Duration OFTEN = Duration.ofMillis(1);

    private final FakeKernel kernel = new FakeKernel();
    private final BlockingQueue<Statistics> reports = new LinkedBlockingQueue<>();

    @Test
    void reportsAgainAndAgainFromAThreadOfItsOwn() throws InterruptedException {
        AtomicReference<Thread> reporter = new AtomicReference<>();
        try (StatisticsThread _ =
                StatisticsThread.start(
                        () -> Statistics.of(kernel.counters(), LoopHealth.NONE),
                        OFTEN,
                        statistics -> {
                            reporter.set(Thread.currentThread());
                            reports.add(statistics);
                        })) {
            kernel.queue(new TaskRecord(1));
            Statistics statistics;
            do {
                statistics = reports.poll(5, TimeUnit.SECONDS);
                assertThat(statistics).isNotNull();
            } while (statistics.queued() != 1);
            assertThat(reporter.get()).isNotSameAs(Thread.currentThread());
            assertThat(reporter.get().isDaemon()).isTrue();
        }
        assertThat(reporter.get().isAlive()).isFalse();
    }

    @Test
    void anIntervalOfZeroNeverReports() {
        StatisticsThread thread =
                StatisticsThread.start(
                        () -> Statistics.of(kernel.counters(), LoopHealth.NONE),
                        Duration.ZERO,
                        reports::add);
        thread.close();
        assertThat(reports).isEmpty();
    }

    @Test
    void anIntervalBeyondAllClocksIsALongOne() throws InterruptedException {
        try (StatisticsThread _ =
                StatisticsThread.start(
                        () -> Statistics.of(kernel.counters(), LoopHealth.NONE),
                        Duration.ofSeconds(Long.MAX_VALUE),
                        reports::add)) {
            assertThat(reports.poll(20, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    @Test
    void aListenerThatFailsEndsOnlyTheStatistics() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        AtomicReference<Throwable> escaped = new AtomicReference<>();
        try (StatisticsThread _ =
                StatisticsThread.start(
                        () -> Statistics.of(kernel.counters(), LoopHealth.NONE),
                        OFTEN,
                        _ -> {
                            Thread.currentThread()
                                    .setUncaughtExceptionHandler((_, e) -> escaped.set(e));
                            called.countDown();
                            throw new IllegalStateException("the test's listener fails");
                        })) {
            called.await();
        }
        assertThat(escaped).as("what nobody caught and the JVM would print").hasValue(null);
    }

    @Test
    void aListenerThatBlocksIsLeftBehind() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch forEver = new CountDownLatch(1);
        StatisticsThread thread =
                StatisticsThread.start(
                        () -> Statistics.of(kernel.counters(), LoopHealth.NONE),
                        OFTEN,
                        _ -> {
                            blocked.countDown();
                            try {
                                forEver.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        blocked.await();
        long start = System.nanoTime();
        thread.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        forEver.countDown();
    }
}
