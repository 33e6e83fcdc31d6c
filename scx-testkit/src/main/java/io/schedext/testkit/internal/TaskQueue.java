// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import java.util.Iterator;
import java.util.TreeSet;

/// A dispatch queue of the kernel side: by vtime, equal ones in order of arrival. One whose tasks
/// all come with the same vtime is first in, first out.
final class TaskQueue {

    private final TreeSet<TaskState> tasks =
            new TreeSet<>((a, b) -> {
                // vtimes wrap: the kernel compares by difference, too
                int order = Long.signum(a.queueVtime - b.queueVtime);
                return order != 0 ? order : Long.compare(a.queueOrder, b.queueOrder);
            });

    int size() {
        return tasks.size();
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    TaskState first() {
        return tasks.first();
    }

    /// The first one that may run on a CPU, or null.
    TaskState firstFor(int cpu) {
        for (TaskState task : tasks) {
            if (task.allows(cpu)) {
                return task;
            }
        }
        return null;
    }

    /// @param order of arrival, or less than all of these for the front of a queue without vtimes
    void add(TaskState task, long vtime, long order) {
        if (task.queue != null) {
            throw new IllegalStateException(task + " is queued already");
        }
        task.queueVtime = vtime;
        task.queueOrder = order;
        task.queue = this;
        tasks.add(task);
    }

    void remove(TaskState task) {
        if (!tasks.remove(task)) {
            throw new IllegalStateException(task + " is not in this queue");
        }
        task.queue = null;
    }

    /// In order; what is taken must not be removed meanwhile.
    Iterator<TaskState> inOrder() {
        return tasks.iterator();
    }

    Iterator<TaskState> backwards() {
        return tasks.descendingIterator();
    }
}
