// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import io.schedext.core.Statistics;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the counters at intervals and passes on the differences.
public final class StatisticsThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatisticsThread.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private StatisticsThread(
            Supplier<Statistics> source, Duration interval, Consumer<Statistics> listener) {
        thread =
                Thread.ofPlatform()
                        .name("scx-statistics")
                        .daemon()
                        .unstarted(() -> report(source, interval, listener));
    }

    /// Starts one; with an interval of 0 it never reports.
    public static StatisticsThread start(
            Supplier<Statistics> source, Duration interval, Consumer<Statistics> listener) {
        StatisticsThread statistics = new StatisticsThread(source, interval, listener);
        if (interval.isPositive()) {
            statistics.thread.start();
        }
        return statistics;
    }

    private void report(
            Supplier<Statistics> source, Duration interval, Consumer<Statistics> listener) {
        Statistics last = source.get();
        long nanos = TimeUnit.NANOSECONDS.convert(interval);
        try {
            while (!stop.await(nanos, TimeUnit.NANOSECONDS)) {
                Statistics current = source.get();
                listener.accept(current.since(last));
                last = current;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("No more statistics: what they are passed to failed with {}", e.toString());
            LOG.debug("Details:", e);
        }
    }

    /// Ends it. A listener that blocks, on a full pipe say, is left behind: when it comes back it
    /// reads no counter any more.
    @Override
    public void close() {
        stop.countDown();
        if (!thread.isAlive()) {
            return;
        }
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
