// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import io.schedext.it.guest.support.SchedObserver.Event;
import io.schedext.it.guest.support.SchedObserver.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;

/// How long tasks waited for a CPU, as the kernel reported it.
final class Waits {

    private Waits() {}

    /// From a wake-up to the next switch to the task.
    static Figures afterWakeups(List<Event> events, IntPredicate pids) {
        return of(events, pids, false);
    }

    /// From a wake-up, or from being switched away from while runnable, to the next switch to the
    /// task; the waits that were not over with the last event are among them.
    static Figures all(List<Event> events) {
        return of(events, _ -> true, true);
    }

    private static Figures of(List<Event> events, IntPredicate pids, boolean all) {
        Map<Integer, Long> since = new HashMap<>();
        LongStream.Builder waits = LongStream.builder();
        for (Event event : events) {
            if (!pids.test(event.pid())) {
                continue;
            }
            if (event.type() == Type.WAKEUP
                    || all && event.type() == Type.SWITCH_OUT && event.runnable()) {
                since.putIfAbsent(event.pid(), event.ns());
            } else if (event.type() == Type.SWITCH_IN && since.containsKey(event.pid())) {
                waits.add(event.ns() - since.remove(event.pid()));
            }
        }
        if (all) {
            since.values().forEach(from -> waits.add(events.getLast().ns() - from));
        }
        return Figures.of(waits.build());
    }
}
