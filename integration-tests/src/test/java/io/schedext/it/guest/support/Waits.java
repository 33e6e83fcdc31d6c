// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import io.schedext.it.guest.support.SchedObserver.Event;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;

/// How long tasks waited for a CPU, as the kernel reported it.
public final class Waits {

    private Waits() {}

    /// From a wake-up to the next switch to the task.
    public static Figures afterWakeups(List<Event> events, IntPredicate pids) {
        return of(events, pids, false);
    }

    /// From a wake-up, or from being switched away from while runnable, to the next switch to the
    /// task; the waits that were not over with the last event are among them.
    public static Figures all(List<Event> events) {
        return of(events, _ -> true, true);
    }

    private static Figures of(List<Event> events, IntPredicate pids, boolean all) {
        Map<Integer, Long> since = new HashMap<>();
        Set<Integer> running = new HashSet<>();
        LongStream.Builder waits = LongStream.builder();
        for (Event event : events) {
            int pid = event.pid();
            if (!pids.test(pid)) {
                continue;
            }
            switch (event.type()) {
                case SWITCH_IN -> {
                    running.add(pid);
                    Long from = since.remove(pid);
                    if (from != null) {
                        waits.add(event.ns() - from);
                    }
                }
                case SWITCH_OUT -> {
                    running.remove(pid);
                    if (all && event.runnable()) {
                        since.put(pid, event.ns());
                    }
                }
                case WAKEUP -> {
                    // also reported for one that was only about to sleep, and goes on
                    if (!running.contains(pid)) {
                        since.putIfAbsent(pid, event.ns());
                    }
                }
                case EXIT -> {}
            }
        }
        if (all) {
            since.values().forEach(from -> waits.add(events.getLast().ns() - from));
        }
        return Figures.of(waits.build());
    }
}
