// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import java.util.Arrays;

/// Keeps who ran where, the last of it when it is much.
final class Recorder implements Observer {

    private static final int MOST_RUNS = 1 << 18;
    private static final int FIRST_ROOM = 1 << 10;

    /// Is told of each run that is kept. Times are the kernel's, nanoseconds.
    interface Reader {
        void run(int cpu, TaskState task, long from, long to, long waited);
    }

    private int[] cpus = new int[FIRST_ROOM];
    private TaskState[] tasks = new TaskState[FIRST_ROOM];
    private long[] from = new long[FIRST_ROOM];
    private long[] to = new long[FIRST_ROOM];
    private long[] waited = new long[FIRST_ROOM];
    private long recorded;
    private final long[] began;

    Recorder(int cpus) {
        began = new long[cpus];
    }

    @Override
    public void starts(long time, int cpu, TaskState task) {
        began[cpu] = time;
    }

    @Override
    public void stops(long time, int cpu, TaskState task) {
        int at = (int) (recorded++ % MOST_RUNS);
        if (at == cpus.length) {
            grow();
        }
        cpus[at] = cpu;
        tasks[at] = task;
        from[at] = began[cpu];
        to[at] = time;
        waited[at] = task.measured.lastWaitNs();
    }

    private void grow() {
        int room = 4 * cpus.length;
        cpus = Arrays.copyOf(cpus, room);
        tasks = Arrays.copyOf(tasks, room);
        from = Arrays.copyOf(from, room);
        to = Arrays.copyOf(to, room);
        waited = Arrays.copyOf(waited, room);
    }

    /// When the present run on a CPU began.
    long began(int cpu) {
        return began[cpu];
    }

    /// How many runs are no longer known.
    long forgotten() {
        return Math.max(0, recorded - MOST_RUNS);
    }

    /// In the order in which they ended.
    void read(Reader reader) {
        for (long i = forgotten(); i < recorded; i++) {
            int at = (int) (i % MOST_RUNS);
            reader.run(cpus[at], tasks[at], from[at], to[at], waited[at]);
        }
    }
}
