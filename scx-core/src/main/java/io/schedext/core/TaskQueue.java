// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import io.schedext.core.internal.Layout.Queued;
import io.schedext.core.internal.PidIndex;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Tasks that a policy holds back to decide them later, the one with the smallest key first.
///
/// What a policy needs only to order tasks, the kernel side does for it: a decision goes there at
/// once, with the key as its [vtime][DispatchedTask#vtime(long)]. This is for policies that want to
/// decide as late as possible, or in an order that changes while tasks wait.
///
/// There is one entry per task, found by its id, so a task that was queued anew replaces its old
/// record. One that has exited stays until it is decided, which then does nothing. Everything is
/// allocated by the constructor; adding and removing take logarithmic time. Not thread-safe: it
/// belongs to the loop.
public final class TaskQueue {

    /// Held where a heap of indices is, so that the root is at 1 and parents are at half.
    private static final int ROOT = 1;

    private final MemorySegment records;
    private final QueuedTask view;
    private final PidIndex slots;
    private final long[] keys;
    private final long[] arrivals;

    /// A heap of slots, from [#ROOT] to `size`; behind it the free slots.
    private final int[] heap;

    /// Where in the heap a slot is.
    private final int[] places;

    private int size;
    private long arrived;

    /// An empty queue.
    ///
    /// @param capacity how many tasks it can hold, 1 to 4,194,304 (`PID_MAX_LIMIT`); each takes
    ///   about 140 bytes
    /// @throws IllegalArgumentException when the capacity is not within these
    public TaskQueue(int capacity) {
        if (capacity < 1 || capacity > PidIndex.MOST) {
            throw new IllegalArgumentException(
                    "a queue holds 1 to %d tasks, not %d".formatted(PidIndex.MOST, capacity));
        }
        // The same kind of memory as the ring's, for one compiled form of the accessors serves
        // both.
        records = Arena.ofAuto().allocate(capacity * Queued.BYTES, Long.BYTES);
        view = new QueuedTask(records);
        slots = new PidIndex(capacity);
        keys = new long[capacity];
        arrivals = new long[capacity];
        heap = new int[capacity + 1];
        places = new int[capacity];
        for (int slot = 0; slot < capacity; slot++) {
            heap[ROOT + slot] = slot;
        }
    }

    /// Holds a task, in place of what was known of it before.
    ///
    /// @param task copied
    /// @param key its place: smaller is earlier, equal in order of arrival; compared by difference,
    ///   so it may wrap
    /// @return false when there is no room: the task is not held, decide it now
    public boolean add(QueuedTask task, long key) {
        int pid = task.pid();
        int slot = slots.find(pid);
        if (slot == PidIndex.NONE) {
            if (size == keys.length) {
                return false;
            }
            size++;
            slot = heap[size];
            slots.put(pid, slot);
            places[slot] = size;
        }
        task.copyTo(records, slot * Queued.BYTES);
        keys[slot] = key;
        arrivals[slot] = arrived++;
        settle(slot);
        return true;
    }

    /// The task whose key is smallest.
    ///
    /// @return a view that is valid until the queue changes, or is asked again; null when it is
    ///   empty
    public QueuedTask first() {
        return size == 0 ? null : view.at(heap[ROOT] * Queued.BYTES);
    }

    /// The smallest key.
    ///
    /// @return the key that [#first()] was added with
    /// @throws IllegalStateException when the queue is empty
    public long firstKey() {
        if (size == 0) {
            throw new IllegalStateException("an empty queue has no first key");
        }
        return keys[heap[ROOT]];
    }

    /// A task that is held.
    ///
    /// @param pid its id, as in [QueuedTask#pid()]
    /// @return a view as [#first()] gives, null when it is not held
    public QueuedTask find(int pid) {
        int slot = slots.find(pid);
        return slot == PidIndex.NONE ? null : view.at(slot * Queued.BYTES);
    }

    /// Forgets the task whose key is smallest; nothing when the queue is empty.
    public void removeFirst() {
        if (size > 0) {
            remove(first().pid());
        }
    }

    /// Forgets a task.
    ///
    /// @param pid its id, as in [QueuedTask#pid()]
    /// @return whether it was held
    public boolean remove(int pid) {
        int slot = slots.remove(pid);
        if (slot == PidIndex.NONE) {
            return false;
        }
        free(slot);
        return true;
    }

    /// Forgets all tasks.
    public void clear() {
        while (size > 0) {
            removeFirst();
        }
    }

    /// How many tasks are held: what a policy returns from [Policy#schedule(KernelSide)].
    ///
    /// @return 0 to the capacity
    public int size() {
        return size;
    }

    /// How many it can hold.
    ///
    /// @return as in the constructor
    public int capacity() {
        return keys.length;
    }

    /// The last of the heap takes the place, and the slot becomes the first free one.
    private void free(int slot) {
        int place = places[slot];
        int last = heap[size];
        heap[size] = slot;
        size--;
        if (last != slot) {
            heap[place] = last;
            places[last] = place;
            settle(last);
        }
    }

    /// Moves a slot to where its key belongs.
    private void settle(int slot) {
        int place = places[slot];
        while (place > ROOT && before(slot, heap[place / 2])) {
            place = put(heap[place / 2], place, place / 2);
        }
        while (2 * place <= size) {
            int child = 2 * place;
            if (child < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], slot)) {
                break;
            }
            place = put(heap[child], place, child);
        }
        put(slot, place, place);
    }

    /// @return the place that is to be filled next
    private int put(int slot, int place, int next) {
        heap[place] = slot;
        places[slot] = place;
        return next;
    }

    private boolean before(int a, int b) {
        long difference = keys[a] - keys[b];
        return difference != 0 ? difference < 0 : arrivals[a] - arrivals[b] < 0;
    }
}
