// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import io.schedext.it.guest.support.SchedObserver.Event;
import io.schedext.it.guest.support.SchedObserver.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// From a switch to a task to the next switch away from it, as the kernel reported them.
///
/// @param ns how long it had the CPU, the runs that it resumed included
/// @param to when it was switched away from, CLOCK_MONOTONIC
/// @param runnable whether it wanted to go on
/// @param putBack whether a higher class took the CPU and it goes on later with what is left
/// @param resumed whether it went on after having been put back
/// @param fromStart whether the events begin early enough to tell where its slice began
record Run(
        int pid,
        int cpu,
        long ns,
        long to,
        boolean runnable,
        boolean putBack,
        boolean resumed,
        boolean fromStart) {

    /// It used up one slice, in one go or in several.
    boolean wholeSlice() {
        return fromStart && runnable && !putBack;
    }

    /// The complete runs among the events, in order of their end.
    static List<Run> of(List<Event> events) {
        List<Run> runs = new ArrayList<>();
        Map<Integer, Event> begun = new HashMap<>();
        Map<Integer, Run> interrupted = new HashMap<>();
        Set<Integer> known = new HashSet<>();
        for (Event event : events) {
            if (event.type() == Type.SWITCH_IN) {
                begun.put(event.pid(), event);
            } else if (event.type() == Type.SWITCH_OUT && begun.containsKey(event.pid())) {
                Run before = interrupted.remove(event.pid());
                Run run =
                        new Run(
                                event.pid(),
                                event.cpu(),
                                event.ns()
                                        - begun.remove(event.pid()).ns()
                                        + (before == null ? 0 : before.ns),
                                event.ns(),
                                event.runnable(),
                                event.runnable() && event.local(),
                                before != null,
                                known.contains(event.pid()));
                if (run.putBack) {
                    interrupted.put(run.pid, run);
                } else {
                    known.add(run.pid);
                }
                runs.add(run);
            }
        }
        return runs;
    }
}
