// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Figures;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.OnlineCpus;
import io.schedext.it.guest.support.SchedCalls;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.TaskFiles;
import io.schedext.it.guest.support.Waits;
import io.schedext.rlfifo.FifoPolicy;
import io.schedext.vruntime.VruntimePolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The schedulers that come with this project, on a real kernel.
class SchedulersTest {

    private static final long MILLI = 1_000_000;

    /// The kernel's weights of these nice values are 305, 305, 100 and 33 (of 100 for nice 0).
    private static final int[] NICE = {-5, -5, 0, 5};

    private static final double[] SHARES = {41, 41, 13.5, 4.5};

    @Test
    @Timeout(60)
    void fifoUsesEveryCpuAndForgetsNobody(TestReporter reporter) throws Exception {
        fifo(4, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(300)
    void fifoUsesEveryCpuAndForgetsNobodyForAMinute(TestReporter reporter) throws Exception {
        fifo(60, reporter);
    }

    private static void fifo(int seconds, TestReporter reporter) throws Exception {
        SchedulerOptions options = SchedulerOptions.builder().name("java_test").build();
        try (var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(options, new FifoPolicy(20 * MILLI));
                var load = new Load()) {
            List<TaskFiles> hogs = new ArrayList<>();
            for (int i = 0; i < 2 * Cpus.COUNT; i++) {
                hogs.add(TaskFiles.of(load.hog(-1).pid()));
            }
            Process mix =
                    load.start(
                            "stress-ng",
                            "--pipe",
                            "2",
                            "--switch",
                            "2",
                            "--timer",
                            "1",
                            "--fork",
                            "1",
                            "--nanosleep",
                            "1",
                            "--timeout",
                            Integer.toString(seconds + 60));
            Thread.sleep(1500);
            assertThat(mix.isAlive()).as("stress-ng runs").isTrue();

            observer.take();
            Map<Integer, Long> idle = Cpus.idleTicks();
            long[] used = hogs.stream().mapToLong(TaskFiles::runtimeNs).toArray();
            long user = scheduler.counters().userDispatches();
            long start = System.nanoTime();
            Thread.sleep(seconds * 1000L);
            double ticks = (System.nanoTime() - start) / 1e7;
            Map<Integer, Double> idleShare = new TreeMap<>();
            Cpus.idleTicks()
                    .forEach((cpu, n) -> idleShare.put(cpu, 100 * (n - idle.get(cpu)) / ticks));
            for (int i = 0; i < used.length; i++) {
                used[i] = hogs.get(i).runtimeNs() - used[i];
            }
            user = scheduler.counters().userDispatches() - user;
            observer.stop();
            assertThat(mix.isAlive()).as("stress-ng runs").isTrue();
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();

            Figures waits = Waits.all(observer.take());
            Figures shares = Figures.of(Arrays.stream(used));
            reporter.publishEntry("waits", waits.toString());
            reporter.publishEntry("CPU time of hogs", shares.toString());
            reporter.publishEntry("idle, %", idleShare.toString());
            reporter.publishEntry("decisions per s", Long.toString(user / seconds));
            assertThat(user).as("decisions").isGreaterThan(100);
            // ticks of 10 ms; a CPU that nobody woke though tasks waited shows as idle time
            assertThat(idleShare.values()).as("idle, %").allMatch(share -> share < 20);
            assertThat(waits.most()).as("longest wait, ns").isLessThan(2_000 * MILLI);
            assertThat(shares.least())
                    .as("the hog that got least")
                    .isGreaterThan(shares.most() / 3);
        }
    }

    /// When its slice ends, nobody has decided it yet; it goes on all the same, for the loop
    /// decides before the CPU chooses.
    @Test
    @Timeout(60)
    void aHeavyTaskHasNearlyAllOfItsCpu(TestReporter reporter) throws Exception {
        int cpu = Cpus.COUNT - 1;
        double[] shares = shares(new int[] {-10, 0}, new int[] {cpu, cpu}, reporter);
        assertThat(shares[0]).as("due are 90 %").isBetween(82.0, 96.0);
    }

    /// One may run on one CPU only and is in that CPU's queue, the other one is in the queue for
    /// all.
    @Test
    @Timeout(60)
    void weightsCountBetweenTwoQueues(TestReporter reporter) throws Exception {
        try (var _ = OnlineCpus.first(1)) {
            double[] shares = shares(new int[] {5, 0}, new int[] {0, -1}, reporter);
            assertThat(shares[0]).as("due are 25 %").isBetween(18.0, 32.0);
        }
    }

    /// With slices of the same length for all, so that weights count in the order only.
    private static double[] shares(int[] nices, int[] cpus, TestReporter reporter)
            throws Exception {
        try (var scheduler =
                        new AttachedScheduler(
                                Attach.partial().build(),
                                new VruntimePolicy(8 * MILLI, 8 * MILLI));
                var load = new Load()) {
            TaskFiles[] hogs = new TaskFiles[nices.length];
            for (int i = 0; i < hogs.length; i++) {
                long pid = load.runningHog().pid();
                hogs[i] = TaskFiles.of(pid);
                assertThat(SchedCalls.setNice(pid, nices[i])).isZero();
                if (cpus[i] >= 0) {
                    assertThat(SchedCalls.setAffinity(pid, 1L << cpus[i])).isZero();
                }
            }
            Thread.sleep(500);
            long[] used = Arrays.stream(hogs).mapToLong(TaskFiles::runtimeNs).toArray();
            Thread.sleep(3500);
            for (int i = 0; i < hogs.length; i++) {
                used[i] = hogs[i].runtimeNs() - used[i];
            }
            double all = Arrays.stream(used).sum();
            double[] shares = Arrays.stream(used).mapToDouble(ns -> 100 * ns / all).toArray();
            reporter.publishEntry(
                    "shares of nice " + Arrays.toString(nices), Arrays.toString(shares));
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
            return shares;
        }
    }

    @Test
    @Timeout(60)
    void vruntimeSharesByWeight(TestReporter reporter) throws Exception {
        int cpu = Cpus.COUNT - 1;
        double[] shares = shares(NICE, new int[] {cpu, cpu, cpu, cpu}, reporter);
        for (int i = 0; i < shares.length; i++) {
            assertThat(shares[i])
                    .as("share of nice %s, %%", NICE[i])
                    .isBetween(SHARES[i] - 15, SHARES[i] + 15);
        }
        assertThat(shares[0]).isGreaterThan(1.5 * shares[2]);
        assertThat(shares[2]).isGreaterThan(1.5 * shares[3]);
    }
}
