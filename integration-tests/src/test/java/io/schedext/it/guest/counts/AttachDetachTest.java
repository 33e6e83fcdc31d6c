// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.BpfLeftovers;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedExt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// A scheduler comes and goes, again and again, and nothing of it stays. The kernel's log is
/// checked after each test by the suite.
class AttachDetachTest {

    private static final int SLEEPERS = 10;

    @Tag("conformance")
    @Test
    @Timeout(180)
    void attachAndDetachTwice(TestReporter reporter) throws Exception {
        cycle(2, 60, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(2400) // emulated, a load takes 3 to 6 s
    void attachAndDetachAHundredTimes(TestReporter reporter) throws Exception {
        cycle(100, 200, reporter);
    }

    /// The next attach follows the detach at once: that is when task storage of the scheduler
    /// before is still being torn down (custody.md, experiment M).
    private static void cycle(int times, int tasks, TestReporter reporter) throws Exception {
        try (Load load = new Load()) {
            for (int i = 0; i < SLEEPERS; i++) {
                load.sleeper(-1, Integer.MAX_VALUE, 0.002);
            }
            BpfLeftovers before = BpfLeftovers.before();
            long sequence = SchedExt.enableSequence();
            long rejected = SchedExt.rejected();
            long withoutStorage = 0;
            long start = System.nanoTime();
            for (int i = 1; i <= times; i++) {
                withoutStorage += attachOnce(i, tasks, reporter);
                assertThat(SchedExt.enableSequence()).as("attached").isEqualTo(sequence + i);
            }
            reporter.publishEntry("ms per cycle", millisSince(start) / times + "");
            reporter.publishEntry("enqueues without task storage", withoutStorage + "");
            assertThat(SchedExt.rejected()).as("tasks kept out of the class").isEqualTo(rejected);
            assertThat(BpfLeftovers.settled(before))
                    .as("BPF objects left behind")
                    .isEqualTo(before);
        }
    }

    private static long attachOnce(int cycle, int tasks, TestReporter reporter) throws Exception {
        // odd and even cycles differ, so that a name or class that stays is seen
        String name = "cycle_" + cycle;
        SchedulerOptions options =
                SchedulerOptions.builder()
                        .name(name)
                        .partial(cycle % 2 == 0)
                        .builtinIdle(false)
                        .build();
        assertThat(SchedExt.state()).isEqualTo("disabled");
        try (var scheduler = new AttachedScheduler(options, new Fifo())) {
            assertThat(SchedExt.state()).isEqualTo("enabled");
            assertThat(SchedExt.name()).isEqualTo(name);
            while (scheduler.counters().userDispatches() < tasks && !scheduler.exited()) {
                Thread.sleep(1);
            }
            Ledgers.exactAfterDetach(scheduler, reporter);
            assertThat(SchedExt.state()).isEqualTo("disabled");
            return scheduler.counters().tasksWithoutStorage();
        }
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
