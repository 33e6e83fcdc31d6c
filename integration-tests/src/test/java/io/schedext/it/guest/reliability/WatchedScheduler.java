// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import io.schedext.core.SchedulerOptions;
import io.schedext.core.SchedulerRunner;
import io.schedext.core.Statistics;
import io.schedext.rlfifo.FifoPolicy;
import java.time.Duration;

/// rlfifo in a process of its own, with a watchdog that has little patience. It prints a line each
/// 50 ms: the time, then the statistics. Its arguments are the watchdog's timeout in milliseconds
/// and, if it may be so, `partial`.
final class WatchedScheduler {

    private static final long SLICE_NS = 20_000_000;

    private WatchedScheduler() {}

    public static void main(String[] args) {
        SchedulerOptions options =
                SchedulerOptions.builder()
                        .name("watched")
                        .builtinIdle(false)
                        .partial(args.length > 1 && args[1].equals("partial"))
                        .watchdogTimeout(Duration.ofMillis(Long.parseLong(args[0])))
                        .build();
        SchedulerRunner runner = new SchedulerRunner(options, () -> new FifoPolicy(SLICE_NS));
        runner.statistics(Duration.ofMillis(50), WatchedScheduler::print);
        System.exit(runner.runAsMain(System.out));
    }

    private static void print(Statistics statistics) {
        System.out.println(System.nanoTime() + " " + statistics);
    }
}
