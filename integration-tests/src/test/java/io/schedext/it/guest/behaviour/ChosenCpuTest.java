// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.behaviour.Recorder.Decision;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.SchedObserver.Event;
import io.schedext.it.guest.support.SchedObserver.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The CPU a policy chooses is the CPU the task runs on.
class ChosenCpuTest {

    @Test
    @Timeout(60)
    void tasksRunOnTheCpuChosen(TestReporter reporter) throws Exception {
        check(6, 400, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(300)
    void manyTasksRunOnTheCpuChosen(TestReporter reporter) throws Exception {
        check(40, 40_000, reporter);
    }

    private static void check(int tasks, int decisions, TestReporter reporter) throws Exception {
        // another CPU each time, another one for each task
        Recorder policy =
                new Recorder((task, decision) ->
                        decision.cpu((int) ((task.pid() + task.generation()) % Cpus.COUNT)));
        SchedulerOptions options = Attach.partial().build();
        try (var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(options, policy);
                var load = new Load()) {
            for (int i = 0; i < tasks; i++) {
                load.sleeper(-1, Integer.MAX_VALUE, 0.005);
            }
            Await.until(250, decisions + " decisions", () -> policy.count() >= decisions);
            // before they exit: an exiting task is not scheduled by us
            observer.stop();
            assertThat(scheduler.exited()).isFalse();

            Map<Integer, Integer> seen = compare(observer.take(), policy.decisions());
            reporter.publishEntry("switch-ins per CPU", seen.toString());
            assertThat(seen).as("CPUs used").hasSize(Cpus.COUNT);
            assertThat(seen.values().stream().mapToInt(n -> n).sum())
                    .as("switch-ins compared")
                    .isGreaterThan(decisions / 2);
        }
    }

    /// Each switch-in is on the CPU of the last decision before it. What a process does before it
    /// first sleeps is left out: chrt takes it into the class while it runs, undecided.
    private static Map<Integer, Integer> compare(List<Event> events, List<Decision> decisions) {
        Map<Integer, Deque<Decision>> waiting = new HashMap<>();
        for (Decision decision : decisions) {
            waiting.computeIfAbsent(decision.pid(), _ -> new ArrayDeque<>()).add(decision);
        }
        Map<Integer, Integer> current = new HashMap<>();
        Map<Integer, Integer> perCpu = new TreeMap<>();
        Map<Integer, Boolean> slept = new HashMap<>();
        for (Event event : events) {
            if (event.type() == Type.WAKEUP) {
                slept.put(event.pid(), true);
            }
            Deque<Decision> queue = waiting.get(event.pid());
            while (queue != null && !queue.isEmpty() && queue.peek().ns() < event.ns()) {
                current.put(event.pid(), queue.remove().cpu());
            }
            if (event.type() == Type.SWITCH_IN && slept.containsKey(event.pid()) && queue != null) {
                assertThat(event.cpu()).as("CPU of %s", event).isEqualTo(current.get(event.pid()));
                perCpu.merge(event.cpu(), 1, Integer::sum);
            }
        }
        return perCpu;
    }
}
