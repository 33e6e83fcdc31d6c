// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.core.DispatchedTask;
import io.schedext.core.QueuedTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// First in, first out, on its own CPU or any; counts the records of each task. Each record gets
/// one decision.
final class CountingPolicy extends Fifo {

    private final int[] records;
    private long count;

    CountingPolicy() throws IOException {
        String most = Files.readString(Path.of("/proc/sys/kernel/pid_max")).strip();
        records = new int[Integer.parseInt(most)];
    }

    @Override
    boolean decide(QueuedTask task, DispatchedTask decision) {
        records[task.pid()]++;
        count++;
        decision.vtime(count).cpu(count % 2 == 0 ? DispatchedTask.ANY_CPU : task.cpu());
        return true;
    }

    /// Records of a task, each of which was answered by one decision.
    int records(int pid) {
        return records[pid];
    }

    /// Records of all tasks.
    long records() {
        return count;
    }
}
