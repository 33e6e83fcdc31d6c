// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import io.schedext.it.guest.support.SchedObserver.Event;
import io.schedext.it.guest.support.SchedObserver.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// From a switch to a task to the next switch away from it, as the kernel reported them.
///
/// @param from when it was switched to, CLOCK_MONOTONIC
/// @param to when it was switched away from
/// @param runnable whether it wanted to go on
/// @param putBack whether a higher class took the CPU and it goes on later with what is left
/// @param resumed whether it went on after having been put back
record Run(
        int pid, int cpu, long from, long to, boolean runnable, boolean putBack, boolean resumed) {

    long ns() {
        return to - from;
    }

    /// It ran from the beginning to the end of one slice.
    boolean wholeSlice() {
        return runnable && !putBack && !resumed;
    }

    /// The complete runs among the events, in order of their end.
    static List<Run> of(List<Event> events) {
        List<Run> runs = new ArrayList<>();
        Map<Integer, Event> begun = new HashMap<>();
        Map<Integer, Run> last = new HashMap<>();
        for (Event event : events) {
            if (event.type() == Type.SWITCH_IN) {
                begun.put(event.pid(), event);
            } else if (event.type() == Type.SWITCH_OUT && begun.containsKey(event.pid())) {
                Event in = begun.remove(event.pid());
                Run before = last.get(event.pid());
                Run run =
                        new Run(
                                event.pid(),
                                event.cpu(),
                                in.ns(),
                                event.ns(),
                                event.runnable(),
                                event.runnable() && event.local(),
                                before != null && before.putBack);
                last.put(event.pid(), run);
                runs.add(run);
            }
        }
        return runs;
    }
}
