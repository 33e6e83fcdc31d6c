// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Figures;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.TaskFiles;
import io.schedext.it.guest.support.Waits;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The whole guest is scheduled by a JVM that collects garbage and loads classes: the loop stands
/// still at each collection and waits for other threads of its own process, which wait for nobody;
/// nor do kernel threads.
class OwnThreadsTest {

    /// No task may wait as long as the kernel side's own rule for forgotten tasks.
    private static final long LONGEST_WAIT = 2_000_000_000L;

    @Test
    @Timeout(60)
    void garbageCollectionAndClassLoadingStallNobody(TestReporter reporter) throws Exception {
        check(3_000, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(300)
    void garbageCollectionAndClassLoadingStallNobodyForLong(TestReporter reporter)
            throws Exception {
        check(60_000, reporter);
    }

    /// While the loop is blocked it may be waiting for any thread of its process, so these come
    /// first; but not for ever: the watchdog's own worker is among those who wait.
    @Test
    @Timeout(60)
    void busyThreadsOfTheProcessLeaveTheMachineAlive(TestReporter reporter) throws Exception {
        Duration timeout = Duration.ofSeconds(2);
        AtomicBoolean blocking = new AtomicBoolean();
        CompletableFuture<Void> release = new CompletableFuture<>();
        Policy policy =
                _ -> {
                    if (blocking.get()) {
                        release.join();
                    }
                    return 0;
                };
        List<Worker> busy = new ArrayList<>();
        try (var load = new Load()) {
            TaskFiles hog = TaskFiles.of(load.runningHog().pid());
            SchedulerOptions options = Attach.whole().watchdogTimeout(timeout).build();
            try (var scheduler = new AttachedScheduler(options, policy)) {
                for (int i = 0; i < 2 * Cpus.COUNT; i++) {
                    busy.add(new Worker("busy-" + i, Thread::onSpinWait));
                }
                blocking.set(true);
                long before = hog.runtimeNs();
                Thread.sleep(timeout.multipliedBy(3));
                long used = hog.runtimeNs() - before;
                busy.forEach(Worker::close);
                release.complete(null);
                reporter.publishEntry("the hog ran, ms", used / 1_000_000 + "");
                assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
                assertThat(used).as("the hog ran, ns").isGreaterThan(50_000_000);
            } finally {
                release.complete(null);
                busy.forEach(Worker::close);
            }
        }
    }

    private static void check(long millis, TestReporter reporter) throws Exception {
        Wary policy = new Wary();
        SchedulerOptions options = Attach.whole().build();
        AtomicInteger collections = new AtomicInteger();
        AtomicInteger classes = new AtomicInteger();
        try (var observer = new SchedObserver();
                var load = new Load()) {
            for (int i = 0; i < 6; i++) {
                load.sleeper(-1, Integer.MAX_VALUE, 0.005);
            }
            load.hog(-1);
            load.hog(-1);
            long own;
            long kernelThreads;
            try (var scheduler = new AttachedScheduler(options, policy);
                    var _ = new Worker("collector", () -> collect(collections));
                    var _ = new Worker("class-loader", () -> loadClass(classes))) {
                observer.take();
                Thread.sleep(millis);
                Await.until(
                        30,
                        "it collects, loads and decides",
                        () ->
                                scheduler.exited()
                                        || (collections.get() > 3
                                                && classes.get() > 20
                                                && policy.decisions > 100));
                observer.stop();
                assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
                own = scheduler.counters().ownDispatches();
                kernelThreads = scheduler.counters().kthreadDispatches();
            }
            Figures waits = Waits.all(observer.take());
            reporter.publishEntry("waits", waits.toString());
            reporter.publishEntry(
                    "own",
                    own
                            + " dispatches, "
                            + collections
                            + " collections, "
                            + classes
                            + " classes, "
                            + policy.decisions
                            + " decisions");
            assertThat(policy.own).as("records of threads of this process").isZero();
            assertThat(own).as("dispatches of own threads").isPositive();
            assertThat(policy.kernelThreads).as("records of kernel threads").isZero();
            assertThat(kernelThreads).as("dispatches of kernel threads").isPositive();
            assertThat(waits.count()).isGreaterThan(100);
            assertThat(waits.most()).as("the longest wait, ns").isLessThan(LONGEST_WAIT);
        }
    }

    /// Half of the time: each collection stops every thread, and without a pause none of them, the
    /// test's own among them, would get anywhere under any scheduler.
    private static void collect(AtomicInteger collections) throws InterruptedException {
        long start = System.nanoTime();
        System.gc();
        collections.incrementAndGet();
        Thread.sleep(Duration.ofNanos(System.nanoTime() - start));
    }

    private static void loadClass(AtomicInteger classes) throws IllegalAccessException {
        byte[] bytes =
                ClassFile.of()
                        .build(
                                ClassDesc.of(OwnThreadsTest.class.getPackageName(), "Generated"),
                                _ -> {});
        Class<?> type = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
        classes.addAndGet(type.isHidden() ? 1 : 0);
    }

    /// First in, first out; counts what it should never see.
    private static final class Wary implements Policy {

        private final int ownTgid = (int) ProcessHandle.current().pid();
        private final DispatchedTask decision = new DispatchedTask();
        private volatile int own;
        private volatile int kernelThreads;
        private volatile int decisions;

        @Override
        public long schedule(KernelSide kernel) {
            int made = 0;
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                own += task.tgid() == ownTgid ? 1 : 0;
                kernelThreads += isKernelThread(task.comm()) ? 1 : 0;
                made++;
                kernel.dispatchTask(
                        decision.of(task).cpu(DispatchedTask.ANY_CPU).sliceNs(5_000_000));
            }
            decisions += made;
            return 0;
        }

        /// Kernel threads that there are everywhere; a worker is sched_ext's own watchdog.
        private static boolean isKernelThread(String name) {
            return Stream.of(
                            "kworker",
                            "ksoftirqd/",
                            "migration/",
                            "cpuhp/",
                            "kthreadd",
                            "rcu_",
                            "kswapd")
                    .anyMatch(name::startsWith);
        }
    }

    /// A thread that does one thing again and again.
    private static final class Worker implements AutoCloseable {

        @FunctionalInterface
        interface Work {
            void once() throws Exception;
        }

        private final Thread thread;
        private volatile boolean stopped;
        private volatile Throwable failure;

        Worker(String name, Work work) {
            thread = Thread.ofPlatform().name(name).start(() -> run(work));
        }

        private void run(Work work) {
            try {
                while (!stopped) {
                    work.once();
                }
            } catch (Throwable e) {
                failure = e;
            }
        }

        @Override
        public void close() {
            stopped = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while " + thread.getName() + " ends", e);
            }
            if (failure != null) {
                throw new AssertionError(thread.getName() + " failed", failure);
            }
        }
    }
}
