// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedCalls;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// What selectCpu finds. All threads of this JVM, the loop among them, are kept on CPU 0: the other
/// three are idle unless a test says otherwise.
class SelectCpuTest {

    private final Scripted policy = new Scripted((kernel, _, good) -> kernel.dispatchTask(good));
    private AttachedScheduler scheduler;
    private Load load;
    private int pid;

    @BeforeEach
    void attach() throws Exception {
        load = new Load();
        scheduler = new AttachedScheduler(Attach.partial().build(), policy);
        Process task = load.start("sleep", "1000");
        pid = (int) task.pid();
        Cpus.pinOwnThreads(1);
        policy.stayAwake(true);
    }

    @AfterEach
    void detach() throws Exception {
        try (var _ = scheduler;
                var _ = load) {
            Cpus.pinOwnThreads(Cpus.ALL);
        }
    }

    /// Exactly these are found, and the first of them first. Any other is an error at once; one
    /// that is missing may have been woken by the kernel for its own purposes this very moment.
    private void finds(String what, int prevCpu, Integer... expected) throws InterruptedException {
        Await.until(
                5,
                what + ": " + List.of(expected),
                () -> {
                    List<Integer> found = IdleCpus.all(policy, pid, prevCpu);
                    assertThat(List.of(expected)).as(what).containsAll(found);
                    return found.size() == expected.length
                            && new HashSet<>(found).size() == expected.length
                            && (found.isEmpty()
                                    || !found.contains(prevCpu)
                                    || found.getFirst() == prevCpu);
                });
    }

    @Tag("conformance")
    @Test
    @Timeout(60)
    void findsIdleCpus() throws Exception {
        for (int prev = 1; prev < Cpus.COUNT; prev++) {
            finds("all are idle", prev, 1, 2, 3);
        }
        try (var _ = FairHog.on(2)) {
            finds("2 is busy", 2, 1, 3);
            try (var _ = FairHog.on(1);
                    var _ = FairHog.on(3)) {
                finds("all are busy", 2);
            }
        }
        finds("idle again", 2, 1, 2, 3);
    }

    @Test
    @Timeout(60)
    void respectsAffinity() throws Exception {
        SchedCalls.setAffinity(pid, 1 << 1 | 1 << 3);
        for (int prev = 0; prev < Cpus.COUNT; prev++) {
            finds("may use 1 and 3, was on " + prev, prev, 1, 3);
        }
        SchedCalls.setAffinity(pid, 1 << 3);
        for (int prev = 0; prev < Cpus.COUNT; prev++) {
            finds("may use 3, was on " + prev, prev, 3);
        }
        try (var _ = FairHog.on(3)) {
            finds("may use 3, which is busy", 3);
            finds("may use 3, which is busy, was on 1", 1);
        }
    }

    /// A CPU that was found counts as busy until it has been woken; when no decision does that, the
    /// timer does, every 25 ms. What else wakes an idle CPU is rare.
    @Test
    @Timeout(60)
    void aCpuThatWasFoundButNotUsedIsFoundAgain(TestReporter reporter) throws Exception {
        SchedCalls.setAffinity(pid, 1 << 3);
        int found = 0;
        for (long end = System.nanoTime() + 3_000_000_000L; System.nanoTime() < end; ) {
            found += IdleCpus.select(policy, pid, 3) == 3 ? 1 : 0;
            Thread.sleep(2); // well below the timer's period
        }
        reporter.publishEntry("found in 3 s", Integer.toString(found));
        assertThat(found).isGreaterThan(20);
    }

    @Test
    @Timeout(60)
    void noArgumentEndsTheScheduler() throws Exception {
        int gone = (int) load.start("true").pid();
        Await.until(10, "exited", () -> ProcessHandle.of(gone).isEmpty());
        int[] tasks = {pid, gone, 0, -1, 1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE};
        int[] cpus = {-1, 0, Cpus.COUNT, 63, 64, 1024, Integer.MAX_VALUE, Integer.MIN_VALUE};
        for (int task : tasks) {
            for (int cpu : cpus) {
                int found = IdleCpus.select(policy, task, cpu);
                assertThat(found).as("task %s, CPU %s", task, cpu).isLessThan(Cpus.COUNT);
            }
        }
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            long flags = i < 64 ? 1L << i : random.nextLong();
            int found = policy.call(kernel -> kernel.selectCpu(pid, 1, flags));
            assertThat(found).as("flags %x", flags).isLessThan(Cpus.COUNT);
        }
        assertThat(IdleCpus.select(policy, gone, 1)).as("for a task that is gone").isNegative();
        assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
        finds("afterwards", 2, 1, 2, 3);
    }
}
