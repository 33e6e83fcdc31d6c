// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.it.guest.support.SchedObserver.Event;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// What the kernel's tracepoints say of one task: the ledger of runs.
///
/// A task that waits is either shown to the scheduler (it woke up, or its slice ended) and runs by
/// a dispatch, or it runs without one: because it was put back with slice left when a higher class
/// needed the CPU, or because the kernel does not ask about it (it exits, or must not migrate now).
/// So `switchIns = dispatches + putBacks + notAsked`, and `dispatches = wakeUps + sliceEnds`.
final class Runs {

    private int switchIns;
    private int putBacks;
    private int notAsked;
    private int wakeUps;
    private int births;
    private int sliceEnds;
    private int awakeAnyway;
    private boolean asleep = true;

    /// The runs of each task, by process id.
    static Map<Integer, Runs> of(List<Event> events) {
        Map<Integer, Runs> all = new HashMap<>();
        for (Event event : events) {
            all.computeIfAbsent(event.pid(), _ -> new Runs()).add(event);
        }
        return all;
    }

    static int sum(Map<Integer, Runs> runs, ToIntFunction<Runs> term) {
        return runs.values().stream().mapToInt(term).sum();
    }

    private void add(Event event) {
        switch (event.type()) {
            case SWITCH_IN -> switchIns++;
            case SWITCH_OUT -> switchOut(event);
            case WAKEUP -> wakeUp(event);
            case EXIT -> {}
        }
    }

    private void switchOut(Event event) {
        asleep = !event.runnable();
        if (asleep) {
            return;
        }
        if (!event.local()) {
            sliceEnds++;
        } else if (event.unasked()) {
            notAsked++;
        } else {
            putBacks++;
        }
    }

    /// The tracepoint also fires for a task that was only about to sleep, and goes on.
    private void wakeUp(Event event) {
        if (!asleep) {
            awakeAnyway++;
        } else if (event.unasked()) {
            notAsked++;
        } else {
            wakeUps++;
            births += event.born() ? 1 : 0;
        }
        asleep = false;
    }

    /// Times it was switched to.
    int switchIns() {
        return switchIns;
    }

    /// Times it was preempted by a higher class with slice left.
    int putBacks() {
        return putBacks;
    }

    /// Times it waited without the scheduler being asked.
    int notAsked() {
        return notAsked;
    }

    /// Times it woke up and was shown to the scheduler.
    int wakeUps() {
        return wakeUps;
    }

    /// Those of them that were its first: 1 if it was seen to be born.
    int births() {
        return births;
    }

    /// Times its slice ended and it was shown to the scheduler.
    int sliceEnds() {
        return sliceEnds;
    }

    /// Wake-ups that found it awake.
    int awakeAnyway() {
        return awakeAnyway;
    }

    @Override
    public String toString() {
        return "switch-ins %d, put back %d, not asked %d, wake-ups %d, slice ends %d, awake anyway %d"
                .formatted(switchIns, putBacks, notAsked, wakeUps, sliceEnds, awakeAnyway);
    }
}
