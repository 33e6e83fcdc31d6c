// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

/// A dispatch queue of the kernel side: by vtime, equal ones in order of arrival. One whose tasks
/// all come with the same vtime is first in, first out.
///
/// A treap whose nodes are the tasks themselves: nothing is allocated, and a task is taken out
/// without being looked for. That matters, for vtimes are compared by difference as in the kernel,
/// and a policy can choose them so that this is no order at all.
final class TaskQueue {

    private TaskState root;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /// @param order of arrival
    void add(TaskState task, long vtime, long order) {
        if (task.queue != null) {
            throw new IllegalStateException(task + " is queued already");
        }
        task.queue = this;
        task.queueVtime = vtime;
        task.heap = order * 0x9E3779B97F4A7C15L; // as good as random, and always the same
        size++;
        TaskState parent = null;
        TaskState at = root;
        boolean left = false;
        while (at != null) {
            parent = at;
            left = vtime - at.queueVtime < 0;
            at = left ? at.left : at.right;
        }
        task.parent = parent;
        if (parent == null) {
            root = task;
        } else if (left) {
            parent.left = task;
        } else {
            parent.right = task;
        }
        while (task.parent != null && task.parent.heap > task.heap) {
            rotateUp(task);
        }
    }

    void remove(TaskState task) {
        if (task.queue != this) {
            throw new IllegalStateException(task + " is not in this queue");
        }
        while (task.left != null || task.right != null) {
            boolean left =
                    task.right == null || task.left != null && task.left.heap < task.right.heap;
            rotateUp(left ? task.left : task.right);
        }
        replace(task, null);
        task.parent = null;
        task.queue = null;
        size--;
    }

    private void rotateUp(TaskState child) {
        TaskState parent = child.parent;
        if (parent.left == child) {
            parent.left = child.right;
            if (child.right != null) {
                child.right.parent = parent;
            }
            child.right = parent;
        } else {
            parent.right = child.left;
            if (child.left != null) {
                child.left.parent = parent;
            }
            child.left = parent;
        }
        replace(parent, child);
        parent.parent = child;
    }

    /// Puts another one, or nothing, in the place of a task.
    private void replace(TaskState task, TaskState other) {
        if (task.parent == null) {
            root = other;
        } else if (task.parent.left == task) {
            task.parent.left = other;
        } else {
            task.parent.right = other;
        }
        if (other != null) {
            other.parent = task.parent;
        }
    }

    /// The first, or null.
    TaskState first() {
        TaskState at = root;
        while (at != null && at.left != null) {
            at = at.left;
        }
        return at;
    }

    /// The last, or null.
    TaskState last() {
        TaskState at = root;
        while (at != null && at.right != null) {
            at = at.right;
        }
        return at;
    }

    /// The one behind another in its queue, or null.
    static TaskState after(TaskState task) {
        TaskState at = task;
        if (at.right != null) {
            at = at.right;
            while (at.left != null) {
                at = at.left;
            }
            return at;
        }
        while (at.parent != null && at.parent.right == at) {
            at = at.parent;
        }
        return at.parent;
    }

    /// The one before another in its queue, or null.
    static TaskState before(TaskState task) {
        TaskState at = task;
        if (at.left != null) {
            at = at.left;
            while (at.right != null) {
                at = at.right;
            }
            return at;
        }
        while (at.parent != null && at.parent.left == at) {
            at = at.parent;
        }
        return at.parent;
    }

    /// The first one that may run on a CPU, or null.
    TaskState firstFor(int cpu) {
        TaskState task = first();
        while (task != null && !task.allows(cpu)) {
            task = after(task);
        }
        return task;
    }
}
