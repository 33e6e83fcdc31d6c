// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.schedext.bpf.Btf;
import io.schedext.core.Counters;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedCalls;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.SchedObserver.Event;
import io.schedext.it.guest.support.SchedObserver.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// NUMA-local, on a machine with two nodes. The kernel then keeps idle CPUs per node
/// (SCX_OPS_BUILTIN_IDLE_PER_NODE), and is asked for those of the node of the task's last CPU and
/// no other (SCX_PICK_IDLE_IN_NODE): selectCpu and direct dispatch never take a task to another
/// node.
class NumaTest {

    /// Works for 2 ms, whatever the CPU, and sleeps for 5.
    private static final String WORK =
            """
            my $end = (times)[0] + 0.1;
            my $calls = 0;
            $calls++ while (times)[0] < $end;
            while () { times for 1..$calls / 50; select undef, undef, undef, 0.005 }
            """;

    private List<List<Integer>> nodes;

    @BeforeEach
    void twoNodes() throws Exception {
        nodes = Cpus.nodes();
        assumeTrue(nodes.size() == 2, "needs two NUMA nodes");
        assumeTrue(
                Btf.ofKernel().hasFunction("scx_bpf_pick_idle_cpu_node"),
                "needs idle CPUs per node, Linux 6.15; FallbackTest has what older ones do");
        assertThat(nodes.get(0)).hasSize(2);
        assertThat(nodes.get(1)).hasSize(2);
    }

    @AfterEach
    void unpin() throws Exception {
        Cpus.pinOwnThreads(Cpus.ALL);
    }

    @Test
    @Timeout(60)
    void selectCpuStaysInTheNode() throws Exception {
        Scripted policy = new Scripted((kernel, _, good) -> kernel.dispatchTask(good));
        int own = nodes.get(0).get(0);
        int other = nodes.get(0).get(1);
        int first = nodes.get(1).get(0);
        int second = nodes.get(1).get(1);
        try (var scheduler =
                        new AttachedScheduler(Attach.partial().numaLocal(true).build(), policy);
                var load = new Load()) {
            int pid = (int) load.start("sleep", "1000").pid();
            Cpus.pinOwnThreads(1L << own);
            policy.stayAwake(true);
            finds(policy, pid, first, first, second);
            finds(policy, pid, second, second, first);
            finds(policy, pid, other, other);
            try (var _ = FairHog.on(first);
                    var _ = FairHog.on(second)) {
                finds(policy, pid, first);
            }
            SchedCalls.setAffinity(pid, 1L << other);
            finds(policy, pid, first, other);
            for (int cpu : new int[] {-1, Cpus.COUNT, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                int found = IdleCpus.select(policy, pid, cpu);
                assertThat(found).as("from CPU %s", cpu).isLessThan(Cpus.COUNT);
            }
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
        }
    }

    /// Exactly these are found, in this order. One of another node is an error at once; one that is
    /// missing may have been woken by the kernel for its own purposes this very moment.
    private static void finds(Scripted policy, int pid, int prevCpu, Integer... expected)
            throws InterruptedException {
        Await.until(
                5,
                "from CPU " + prevCpu + " " + List.of(expected),
                () -> {
                    List<Integer> found = IdleCpus.all(policy, pid, prevCpu);
                    assertThat(List.of(expected)).as("from CPU %s", prevCpu).containsAll(found);
                    return found.equals(List.of(expected));
                });
    }

    /// Six tasks on four CPUs: a node is often full while the other is not.
    @Test
    @Timeout(60)
    void directDispatchStaysInTheNode(TestReporter reporter) throws Exception {
        Recorder policy = new Recorder((_, _) -> {});
        var options = Attach.partial().numaLocal(true).builtinIdle(true).build();
        try (var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(options, policy);
                var load = new Load()) {
            for (int i = 0; i < 6; i++) {
                load.start("perl", "-e", WORK);
            }
            Thread.sleep(500);
            observer.take();
            Counters counters = scheduler.counters();
            long direct = counters.directDispatches();
            long enough = direct + 100;
            long full = counters.userDispatches() + 20;
            Await.until(
                    20,
                    "direct dispatches, and wake-ups without an idle CPU in the node",
                    () -> counters.directDispatches() > enough && counters.userDispatches() > full);
            observer.stop();
            direct = counters.directDispatches() - direct;
            int crossings = 0;
            int runs = 0;
            Map<Integer, Integer> nodeOf = new HashMap<>();
            for (Event event : observer.take()) {
                if (event.type() == Type.SWITCH_IN) {
                    int node = nodes.get(0).contains(event.cpu()) ? 0 : 1;
                    Integer before = nodeOf.put(event.pid(), node);
                    crossings += before != null && before != node ? 1 : 0;
                    runs++;
                }
            }
            reporter.publishEntry("runs", runs + ", dispatched directly " + direct);
            assertThat(direct).as("direct dispatches").isGreaterThan(100);
            assertThat(crossings).as("runs on another node than the one before").isZero();
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
        }
    }

    /// While a task sleeps, the CPU it slept on is taken from its affinity: the CPU is idle, but
    /// not for this task.
    @Test
    @Timeout(60)
    void aTaskThatWakesOnAForbiddenCpuRunsOnAnAllowedOne(TestReporter reporter) throws Exception {
        var options = Attach.partial().numaLocal(true).builtinIdle(true).build();
        try (var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(options, new Recorder((_, _) -> {}));
                var load = new Load()) {
            int pid = (int) load.sleeper(-1, Integer.MAX_VALUE, 0.02).pid();
            int rounds = 0;
            for (long end = System.nanoTime() + 2_000_000_000L; System.nanoTime() < end; rounds++) {
                int node = rounds & 1;
                SchedCalls.setAffinity(
                        pid, 1L << nodes.get(node).get(0) | 1L << nodes.get(node).get(1));
                observer.take();
                Await.until(
                        3,
                        "run " + rounds,
                        () ->
                                observer.take().stream()
                                        .anyMatch(e ->
                                                e.type() == Type.SWITCH_IN
                                                        && e.pid() == pid
                                                        && nodes.get(node).contains(e.cpu())));
            }
            reporter.publishEntry("rounds", Integer.toString(rounds));
            // in the queue of a CPU that it may not use, it would wait until it is overdue
            assertThat(scheduler.counters().rescuedTasks()).as("rescued").isZero();
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
        }
    }
}
