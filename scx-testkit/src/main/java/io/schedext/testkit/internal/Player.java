// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.core.Counters;
import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.spi.CounterMemory;
import io.schedext.core.spi.RecordingFormat;
import io.schedext.testkit.Recording.Decision;
import io.schedext.testkit.Recording.Difference;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Plays a recording to a policy.
public final class Player implements KernelSide {

    /// A policy that holds tasks back gets so many cycles more.
    private static final int CYCLES_AFTER_THE_END = 1_000;

    private static final int NONE_IDLE = -1;

    /// A task's queueing, and what was and is decided for it.
    private static final class Queueing {
        private int cycle;
        private String comm = "";
        private Decision recorded;
        private Decision replayed;
    }

    private record Key(int pid, long generation) {}

    private final MemorySegment memory;
    private final long end;
    private final QueuedTask view;
    private final CounterMemory counters;
    private final Map<Key, Queueing> queueings = new LinkedHashMap<>();
    private final Set<Long> selectsUsed = new HashSet<>(); // of the present cycle

    // the present cycle
    private int cycle = -1;
    private long from;
    private long to;
    private final Entries tasks = new Entries(RecordingFormat.TASK);
    private final Entries times = new Entries(RecordingFormat.TIME);
    private final Entries decisions = new Entries(RecordingFormat.DECISION);
    private final Entries lengths = new Entries(RecordingFormat.QUEUED);
    private long queued;
    private boolean shown;
    private boolean begun; // something but a look at the queue was done in this cycle
    private long time;
    private boolean ended;

    /// @param memory aligned as a ring is, since records are read in place
    public Player(MemorySegment memory) {
        this.memory = memory;
        view = new QueuedTask(memory);
        end = lastWholeCycle();
        from = RecordingFormat.HEADER_BYTES;
        long cpus = end > from ? get(from, RecordingFormat.CYCLE_CPUS) : 1;
        counters = new CounterMemory(Math.toIntExact(Math.max(1, cpus)), this::toldQueued);
    }

    /// @return a sentence, or null when nothing is
    public static String wrongWith(MemorySegment memory) {
        if (memory.byteSize() < RecordingFormat.HEADER_BYTES
                || memory.get(RecordingFormat.LONG, RecordingFormat.HEADER_MAGIC)
                        != RecordingFormat.MAGIC) {
            return "it is no recording";
        }
        if (memory.get(RecordingFormat.LONG, RecordingFormat.HEADER_TASK_BYTES)
                != RecordingFormat.TASK_BYTES) {
            return "it was made by another version, which describes tasks differently";
        }
        return endOf(memory) > memory.byteSize() || endOf(memory) < RecordingFormat.HEADER_BYTES
                ? "it is cut off"
                : null;
    }

    public static int count(MemorySegment memory, long kind) {
        int count = 0;
        for (long at = RecordingFormat.HEADER_BYTES;
                at < endOf(memory);
                at += RecordingFormat.ENTRY_BYTES) {
            count += memory.get(RecordingFormat.LONG, at + RecordingFormat.KIND) == kind ? 1 : 0;
        }
        return count;
    }

    public static long missed(MemorySegment memory) {
        return memory.get(RecordingFormat.LONG, RecordingFormat.HEADER_MISSED);
    }

    private static long endOf(MemorySegment memory) {
        long entries = memory.get(RecordingFormat.LONG, RecordingFormat.HEADER_ENTRIES);
        return RecordingFormat.HEADER_BYTES + entries * RecordingFormat.ENTRY_BYTES;
    }

    public List<Difference> play(Policy policy) {
        while (nextCycle()) {
            noteDecisions();
            counters.pending(policy.schedule(this));
        }
        ended = true;
        for (int i = 0; i < CYCLES_AFTER_THE_END && policy.schedule(this) > 0; i++) {
            // until it has decided all it held back
        }
        List<Difference> differences = new ArrayList<>();
        queueings.forEach((key, queueing) -> {
            if (!Objects.equals(queueing.recorded, queueing.replayed)) {
                differences.add(
                        new Difference(
                                queueing.cycle,
                                key.pid,
                                queueing.comm,
                                key.generation,
                                queueing.recorded,
                                queueing.replayed));
            }
        });
        return differences;
    }

    /// Where the last cycle ends that there was room for as a whole.
    private long lastWholeCycle() {
        long at = endOf(memory);
        while (at > RecordingFormat.HEADER_BYTES
                && get(at - RecordingFormat.ENTRY_BYTES, RecordingFormat.KIND)
                        != RecordingFormat.END) {
            at -= RecordingFormat.ENTRY_BYTES;
        }
        return at;
    }

    private boolean nextCycle() {
        from = cycle < 0 ? from : to;
        if (from >= end) {
            return false;
        }
        cycle++;
        to = find(RecordingFormat.CYCLE, from + RecordingFormat.ENTRY_BYTES, end);
        queued = get(from, RecordingFormat.CYCLE_QUEUED);
        shown = false;
        begun = false;
        selectsUsed.clear();
        for (Entries entries : List.of(tasks, times, decisions, lengths)) {
            entries.begin();
        }
        return true;
    }

    /// The entries of one kind in the present cycle, one after the other; none when all is played.
    private final class Entries {
        private final long kind;
        private long next;

        Entries(long kind) {
            this.kind = kind;
        }

        void begin() {
            next = find(kind, from, to);
        }

        boolean any() {
            return !ended && next < to;
        }

        long take() {
            long taken = next;
            next = find(kind, next + RecordingFormat.ENTRY_BYTES, to);
            return taken;
        }
    }

    /// The next entry of a kind, or the limit.
    private long find(long kind, long start, long limit) {
        long at = start;
        while (at < limit && get(at, RecordingFormat.KIND) != kind) {
            at += RecordingFormat.ENTRY_BYTES;
        }
        return at;
    }

    private long get(long entry, long offset) {
        return memory.get(RecordingFormat.LONG, entry + offset);
    }

    private void noteDecisions() {
        for (long at = find(RecordingFormat.DECISION, from, to);
                at < to;
                at = find(RecordingFormat.DECISION, at + RecordingFormat.ENTRY_BYTES, to)) {
            if (get(at, RecordingFormat.DECISION_TAKEN) != 0) {
                Decision decision =
                        new Decision(
                                (int) get(at, RecordingFormat.DECISION_CPU),
                                get(at, RecordingFormat.DECISION_FLAGS),
                                get(at, RecordingFormat.DECISION_SLICE),
                                get(at, RecordingFormat.DECISION_VTIME));
                int pid = (int) get(at, RecordingFormat.DECISION_PID);
                queueing(pid, get(at, RecordingFormat.DECISION_GENERATION)).recorded = decision;
            }
        }
    }

    /// How many tasks are queued: what was told when it was asked then, else what it has to be.
    private long toldQueued() {
        return begun && lengths.any() ? get(lengths.take(), RecordingFormat.VALUE) : queued;
    }

    private Queueing queueing(int pid, long generation) {
        return queueings.computeIfAbsent(
                new Key(pid, generation),
                _ -> {
                    Queueing queueing = new Queueing();
                    queueing.cycle = cycle;
                    return queueing;
                });
    }

    @Override
    public QueuedTask dequeueTask() {
        if (shown) {
            // as in the ring, where a task is until the next one is asked for
            queued = Math.max(0, queued - 1);
            shown = false;
        }
        if (!tasks.any()) {
            return null;
        }
        shown = true;
        begun = true;
        view.at(tasks.take() + RecordingFormat.PAYLOAD);
        Queueing queueing = queueing(view.pid(), view.generation());
        queueing.cycle = cycle;
        queueing.comm = view.comm();
        return view;
    }

    /// As often as the ring was full in this cycle, it is full again.
    @Override
    public boolean dispatchTask(DispatchedTask task) {
        begun = true;
        if (decisions.any() && get(decisions.take(), RecordingFormat.DECISION_TAKEN) == 0) {
            return false;
        }
        Queueing queueing = queueing(task.pid(), task.generation());
        // what was decided after the recording had ended is not known
        if (!ended || queueing.recorded != null) {
            queueing.replayed =
                    new Decision(task.cpu(), task.flags(), task.sliceNs(), task.vtime());
        }
        return true;
    }

    /// What was found for the same question; nothing for one that was not asked.
    @Override
    public int selectCpu(int pid, int prevCpu, long flags) {
        begun = true;
        for (long at = find(RecordingFormat.SELECT_CPU, from, to);
                at < to && !ended;
                at = find(RecordingFormat.SELECT_CPU, at + RecordingFormat.ENTRY_BYTES, to)) {
            if (get(at, RecordingFormat.SELECT_PID) == pid
                    && get(at, RecordingFormat.SELECT_PREVIOUS) == prevCpu
                    && get(at, RecordingFormat.SELECT_FLAGS) == flags
                    && selectsUsed.add(at)) {
                return (int) get(at, RecordingFormat.SELECT_FOUND);
            }
        }
        return NONE_IDLE;
    }

    @Override
    public long nanoTime() {
        begun = true;
        if (times.any()) {
            time = get(times.take(), RecordingFormat.VALUE);
        }
        return time;
    }

    @Override
    public void notifyComplete(long pending) {
        throw new UnsupportedOperationException("the run loop does this, not the policy");
    }

    @Override
    public boolean exited() {
        return false;
    }

    @Override
    public Counters counters() {
        return counters.counters();
    }
}
