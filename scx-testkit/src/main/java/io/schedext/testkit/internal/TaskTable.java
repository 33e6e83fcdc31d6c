// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/// The tasks that live, by pid.
final class TaskTable {

    private TaskState[] byPid = new TaskState[1024];

    /// @return null when there is none
    TaskState get(int pid) {
        return pid >= 0 && pid < byPid.length ? byPid[pid] : null;
    }

    void add(TaskState task) {
        if (task.pid >= byPid.length) {
            byPid = Arrays.copyOf(byPid, 2 * task.pid);
        }
        byPid[task.pid] = task;
    }

    void remove(TaskState task) {
        byPid[task.pid] = null;
    }

    Stream<TaskState> all() {
        return Arrays.stream(byPid).filter(Objects::nonNull);
    }
}
