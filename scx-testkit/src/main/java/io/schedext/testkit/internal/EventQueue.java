// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import java.util.Arrays;

/// What happens when: a binary heap over arrays. Events of one time come in the order in which they
/// were added, which makes a simulation repeat itself to the last nanosecond.
final class EventQueue {

    private long[] times = new long[256];
    private long[] orders = new long[256];
    private Event[] events = new Event[256];
    private int size;
    private long added;

    /// What happens. One object may be queued many times.
    interface Event {
        void happen();
    }

    boolean isEmpty() {
        return size == 0;
    }

    /// When the next one happens; [Long#MAX_VALUE] when there is none.
    long nextTime() {
        return size == 0 ? Long.MAX_VALUE : times[0];
    }

    void add(long time, Event event) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            orders = Arrays.copyOf(orders, 2 * size);
            events = Arrays.copyOf(events, 2 * size);
        }
        long order = added++;
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (times[parent] <= time) {
                break; // the parent was added earlier
            }
            move(parent, at);
            at = parent;
        }
        put(at, time, order, event);
    }

    /// Takes the next one.
    Event take() {
        Event first = events[0];
        int last = --size;
        long time = times[last];
        long order = orders[last];
        Event event = events[last];
        events[last] = null;
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= last) {
                break;
            }
            if (child + 1 < last && before(child + 1, times[child], orders[child])) {
                child++;
            }
            if (!before(child, time, order)) {
                break;
            }
            move(child, at);
            at = child;
        }
        if (last > 0) {
            put(at, time, order, event);
        }
        return first;
    }

    private boolean before(int at, long time, long order) {
        return times[at] != time ? times[at] < time : orders[at] < order;
    }

    private void move(int from, int to) {
        times[to] = times[from];
        orders[to] = orders[from];
        events[to] = events[from];
    }

    private void put(int at, long time, long order, Event event) {
        times[at] = time;
        orders[at] = order;
        events[at] = event;
    }
}
