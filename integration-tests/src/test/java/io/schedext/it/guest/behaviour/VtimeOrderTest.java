// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.SchedObserver.Event;
import io.schedext.it.guest.support.SchedObserver.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tasks that wait for one CPU run in the order of their vtimes: all of them are queued for it
/// before any can run, since a process of a higher class has it.
class VtimeOrderTest {

    private static final int TASKS = 50;
    private static final int CPU = 3;
    private static final long SEED = 20;

    @Tag("conformance")
    @Test
    @Timeout(120)
    void tasksRunInTheOrderOfTheirVtimes() throws Exception {
        check(
                Map.of(
                        "pairs", i -> 1_000_000 * (i / 2),
                        "all equal", _ -> 7,
                        "over the end", i -> Long.MAX_VALUE - TASKS / 2 + i));
    }

    @Test
    @Tag("full")
    @Timeout(120)
    void tasksRunInTheOrderOfTheirVtimesWhateverTheseAre() throws Exception {
        check(
                Map.of(
                        "distinct", i -> i,
                        "around 0", i -> i - TASKS / 2,
                        "as far apart as can be", i -> i == 0 ? 0 : Long.MAX_VALUE,
                        "below 0", i -> Long.MIN_VALUE + i));
    }

    private static void check(Map<String, LongUnaryOperator> orders) throws Exception {
        Holding policy = new Holding();
        // while they are held the watchdog and the sweep have to wait
        var options =
                Attach.partial()
                        .watchdogTimeout(Duration.ofSeconds(30))
                        .overdueAfter(Duration.ofSeconds(15));
        try (var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(options.build(), policy)) {
            for (var order : orders.entrySet()) {
                check(order.getKey(), order.getValue(), policy, observer);
            }
            assertThat(scheduler.exited()).isFalse();
        }
    }

    /// @param vtimes the vtime of the task that is number i in the order; equal ones keep the order
    ///   in which they are dispatched
    private static void check(
            String what, LongUnaryOperator vtimes, Holding policy, SchedObserver observer)
            throws Exception {
        try (var load = new Load()) {
            Children children = Children.start(load, TASKS, CPU);
            List<Integer> dispatched = new ArrayList<>(children.pids());
            Random random = new Random(SEED);
            Collections.shuffle(dispatched, random);
            List<Integer> ranks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                ranks.add(i);
            }
            Collections.shuffle(ranks, random);
            Map<Integer, Long> vtimeOf =
                    IntStream.range(0, TASKS)
                            .boxed()
                            .collect(
                                    Collectors.toMap(
                                            dispatched::get,
                                            i -> vtimes.applyAsLong(ranks.get(i))));
            observer.take();
            try (var _ = FairHog.on(CPU)) {
                policy.hold(dispatched, vtimeOf);
                children.wake();
                Await.until(20, "all decided", policy::dispatched);
                Await.until(20, "all moved", policy::drained);
            }
            List<Integer> ran = new ArrayList<>();
            Await.until(20, "all ran", () -> collect(observer, children.pids(), ran));

            List<Integer> expected = new ArrayList<>(dispatched);
            long base = vtimes.applyAsLong(0);
            // stable: equal vtimes stay in the order of dispatch
            expected.sort(Comparator.comparingLong(pid -> vtimeOf.get(pid) - base));
            assertThat(ran).as(what).isEqualTo(expected);
        }
    }

    /// Adds the tasks that ran since in the order of their first switch-in; true when all did.
    private static boolean collect(SchedObserver observer, List<Integer> pids, List<Integer> ran) {
        for (Event event : observer.take()) {
            if (event.type() == Type.SWITCH_IN
                    && pids.contains(event.pid())
                    && !ran.contains(event.pid())) {
                ran.add(event.pid());
            }
        }
        return ran.size() == pids.size();
    }

    /// Keeps the tasks it is told to until it has them all.
    private static final class Holding implements Policy {

        private final DispatchedTask decision = new DispatchedTask();
        private volatile List<Integer> order = List.of();
        private volatile Map<Integer, Long> vtimes = Map.of();
        private final Map<Integer, QueuedTask> held = new HashMap<>();
        private volatile boolean dispatched;
        private KernelSide kernel;

        void hold(List<Integer> dispatchOrder, Map<Integer, Long> vtimeOf) {
            dispatched = false;
            vtimes = vtimeOf;
            order = dispatchOrder;
        }

        boolean dispatched() {
            return dispatched;
        }

        boolean drained() {
            return kernel.counters().decisions().inRing() == 0;
        }

        @Override
        public long schedule(KernelSide side) {
            kernel = side;
            QueuedTask task;
            while ((task = side.dequeueTask()) != null) {
                if (order.contains(task.pid())) {
                    held.put(task.pid(), task.copy());
                } else {
                    side.dispatchTask(decision.of(task));
                }
            }
            if (!order.isEmpty() && held.size() == order.size()) {
                for (int pid : order) {
                    side.dispatchTask(decision.of(held.get(pid)).vtime(vtimes.get(pid)));
                }
                held.clear();
                order = List.of();
                dispatched = true;
            }
            return held.size();
        }
    }
}
