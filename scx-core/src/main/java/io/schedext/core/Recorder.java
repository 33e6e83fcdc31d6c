// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import io.schedext.core.spi.RecordingFormat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A policy that lets another one decide, and writes down what that one was told and what it
/// decided; `scx-testkit` plays the recording to any policy.
///
/// ```java
/// var last = new AtomicReference<Recorder>();
/// Supplier<Policy> policies = () -> {
///     last.set(new Recorder(new MyPolicy(), 64 << 20));
///     return last.get();
/// };
/// new SchedulerRunner(options, policies).run();
/// last.get().save(Path.of("schedule.scxrec"));
/// ```
///
/// A runner asks for a policy to rehearse with, and then for one for each attach: the last one has
/// what was scheduled last.
///
/// What the policy asks for belongs to the loop thread, within [#schedule(KernelSide)]; a policy
/// that lets other threads ask cannot be recorded. The memory is there from the start, outside the
/// heap, and what comes when it is full is only counted. Nothing allocates but the constructor and
/// [#save(Path)]. It costs a few ten nanoseconds for each call that the policy makes.
public final class Recorder implements Policy, AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final Policy policy;
    private final Listener listener = new Listener();
    private final MemorySegment memory;
    private final long room;
    private long entries;
    private long missed;
    private boolean inCycle;
    private boolean asked;
    private long queued; // what the policy was told of that in this cycle, before all else

    /// A recorder.
    ///
    /// @param policy the one that decides
    /// @param bytes how much memory it may fill: 96 for each task, as many for each decision
    /// @throws IllegalArgumentException when that is not enough for one entry, or 2 GiB or more
    public Recorder(Policy policy, long bytes) {
        room = (bytes - RecordingFormat.HEADER_BYTES) / RecordingFormat.ENTRY_BYTES;
        if (room < 1 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a recording takes more than 100 bytes and less than 2 GiB, not " + bytes);
        }
        this.policy = policy;
        memory =
                arena.allocate(
                        RecordingFormat.HEADER_BYTES + room * RecordingFormat.ENTRY_BYTES, 8);
        memory.fill((byte) 1); // it is in memory before anything is attached
    }

    /// How much was written.
    ///
    /// @return entries of 96 bytes
    public long entries() {
        return entries;
    }

    /// How much was not, for want of room.
    ///
    /// @return entries of 96 bytes
    public long missed() {
        return missed;
    }

    /// Writes all to a file, which is made anew. Not for the loop while it runs.
    ///
    /// @param file where to
    /// @throws IOException when it cannot be written
    public void save(Path file) throws IOException {
        put(0, RecordingFormat.HEADER_MAGIC, RecordingFormat.MAGIC);
        put(0, RecordingFormat.HEADER_TASK_BYTES, RecordingFormat.TASK_BYTES);
        put(0, RecordingFormat.HEADER_ENTRIES, entries);
        put(0, RecordingFormat.HEADER_MISSED, missed);
        ByteBuffer all =
                memory.asSlice(
                                0,
                                RecordingFormat.HEADER_BYTES
                                        + entries * RecordingFormat.ENTRY_BYTES)
                        .asByteBuffer();
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            while (all.hasRemaining()) {
                channel.write(all);
            }
        }
    }

    /// Frees the memory; the loop is over by then.
    @Override
    public void close() {
        arena.close();
    }

    /// Where the next entry goes, negative when there is no room. The first one of a cycle is
    /// preceded by one of the cycle itself, so that idle cycles take no room.
    private long entry(long kind) {
        if (!inCycle) {
            inCycle = true;
            long cycle = next(RecordingFormat.CYCLE);
            if (cycle >= 0) {
                if (!asked) {
                    queued = listener.kernel.counters().queued();
                }
                put(cycle, RecordingFormat.CYCLE_QUEUED, queued);
                put(cycle, RecordingFormat.CYCLE_CPUS, listener.kernel.counters().onlineCpus());
            }
        }
        return next(kind);
    }

    private long next(long kind) {
        if (entries == room) {
            missed++;
            return -1;
        }
        long at = RecordingFormat.HEADER_BYTES + entries++ * RecordingFormat.ENTRY_BYTES;
        put(at, RecordingFormat.KIND, kind);
        return at;
    }

    private void put(long entry, long offset, long value) {
        memory.set(RecordingFormat.LONG, entry + offset, value);
    }

    @Override
    public long schedule(KernelSide kernel) {
        listener.kernel = kernel;
        asked = false;
        long pending = policy.schedule(listener);
        if (inCycle) {
            long at = next(RecordingFormat.END);
            if (at >= 0) {
                put(at, RecordingFormat.VALUE, pending);
            }
            inCycle = false;
        }
        return pending;
    }

    /// The kernel side as the policy sees it.
    private final class Listener implements KernelSide {

        private KernelSide kernel;
        private Counters counters;
        private Counters heard;

        private long heard(long tasks) {
            if (inCycle) {
                long at = next(RecordingFormat.QUEUED);
                if (at >= 0) {
                    put(at, RecordingFormat.VALUE, tasks);
                }
            } else if (!asked) {
                // a cycle in which nothing else happens takes no room
                asked = true;
                queued = tasks;
            }
            return tasks;
        }

        @Override
        public QueuedTask dequeueTask() {
            QueuedTask task = kernel.dequeueTask();
            if (task != null) {
                long at = entry(RecordingFormat.TASK);
                if (at >= 0) {
                    task.copyTo(memory, at + RecordingFormat.PAYLOAD);
                }
            }
            return task;
        }

        @Override
        public boolean dispatchTask(DispatchedTask task) {
            boolean taken = kernel.dispatchTask(task);
            long at = entry(RecordingFormat.DECISION);
            if (at >= 0) {
                put(at, RecordingFormat.DECISION_PID, task.pid());
                put(at, RecordingFormat.DECISION_CPU, task.cpu());
                put(at, RecordingFormat.DECISION_FLAGS, task.flags());
                put(at, RecordingFormat.DECISION_SLICE, task.sliceNs());
                put(at, RecordingFormat.DECISION_VTIME, task.vtime());
                put(at, RecordingFormat.DECISION_GENERATION, task.generation());
                put(at, RecordingFormat.DECISION_TAKEN, taken ? 1 : 0);
            }
            return taken;
        }

        @Override
        public int selectCpu(int pid, int prevCpu, long flags) {
            int cpu = kernel.selectCpu(pid, prevCpu, flags);
            long at = entry(RecordingFormat.SELECT_CPU);
            if (at >= 0) {
                put(at, RecordingFormat.SELECT_PID, pid);
                put(at, RecordingFormat.SELECT_PREVIOUS, prevCpu);
                put(at, RecordingFormat.SELECT_FLAGS, flags);
                put(at, RecordingFormat.SELECT_FOUND, cpu);
            }
            return cpu;
        }

        @Override
        public void notifyComplete(long pending) {
            kernel.notifyComplete(pending);
        }

        @Override
        public boolean exited() {
            return kernel.exited();
        }

        @Override
        public Counters counters() {
            Counters now = kernel.counters();
            if (now != counters) {
                counters = now;
                heard = now.heardBy(this::heard);
            }
            return heard;
        }

        @Override
        public long nanoTime() {
            long time = kernel.nanoTime();
            long at = entry(RecordingFormat.TIME);
            if (at >= 0) {
                put(at, RecordingFormat.VALUE, time);
            }
            return time;
        }
    }
}
