// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import io.schedext.core.SchedulerOptions;
import io.schedext.core.SchedulerRunner;
import io.schedext.rlfifo.FifoPolicy;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;

/// A scheduler in a JVM that has trouble with itself, of the kinds its arguments name, as soon as
/// it is attached.
final class TroubledScheduler {

    /// With a watchdog of 1.5 s: a machine that stands still for so long ends it.
    static final Duration WATCHDOG = Duration.ofMillis(1_500);

    private static final long SLICE_NS = 4_000_000;

    @FunctionalInterface
    private interface Trouble {
        void once() throws Exception;
    }

    private static final Map<String, Trouble> TROUBLES =
            Map.of(
                    "collections", TroubledScheduler::collect,
                    "garbage", TroubledScheduler::litter,
                    "classes", TroubledScheduler::loadClass,
                    "threads", TroubledScheduler::startThread,
                    "dumps", TroubledScheduler::dumpThreads,
                    "recording", TroubledScheduler::record,
                    "memory", TroubledScheduler::exhaustMemory);

    private TroubledScheduler() {}

    public static void main(String[] args) {
        SchedulerOptions options =
                SchedulerOptions.builder()
                        .name("troubled")
                        .builtinIdle(false)
                        .sliceNs(SLICE_NS)
                        .watchdogTimeout(WATCHDOG)
                        .build();
        List<Thread> troubles = new ArrayList<>();
        for (String kind : args) {
            Trouble trouble = TROUBLES.get(kind);
            troubles.add(Thread.ofPlatform().daemon().name(kind).unstarted(() -> repeat(trouble)));
        }
        SchedulerRunner runner = new SchedulerRunner(options, () -> new FifoPolicy(SLICE_NS));
        runner.statistics(
                Duration.ofMillis(200),
                statistics -> {
                    if (statistics.onlineCpus() > 0) {
                        troubles.forEach(Thread::start);
                        troubles.clear();
                    }
                });
        System.exit(runner.runAsMain(System.out));
    }

    private static void repeat(Trouble trouble) {
        try {
            while (true) {
                trouble.once();
            }
        } catch (Exception e) {
            e.printStackTrace();
        }
    }

    /// Ten times a second.
    private static void collect() throws InterruptedException {
        System.gc();
        Thread.sleep(100);
    }

    private static volatile Object last;

    private static void litter() {
        last = new byte[4096];
    }

    private static void loadClass() throws IllegalAccessException {
        byte[] bytes =
                ClassFile.of()
                        .build(
                                ClassDesc.of(TroubledScheduler.class.getPackageName(), "Generated"),
                                _ -> {});
        MethodHandles.lookup().defineHiddenClass(bytes, true);
    }

    private static void startThread() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            threads.add(Thread.ofPlatform().start(() -> {}));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void dumpThreads() throws InterruptedException {
        Thread.getAllStackTraces();
        Thread.sleep(10);
    }

    private static void record() throws InterruptedException {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
            recording.enable("jdk.ObjectAllocationSample");
            recording.start();
            Thread.sleep(1_000);
        }
    }

    private static void exhaustMemory() {
        List<byte[]> kept = new ArrayList<>();
        while (true) {
            kept.add(new byte[1 << 20]);
        }
    }
}
