// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.spi;

import io.schedext.core.QueuedTask;
import io.schedext.core.internal.Layout.Queued;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Descriptions of tasks as the kernel makes them, in slots that are filled in and shown to a
/// policy. One thread; only the constructor and [#comm(byte[])]'s caller allocate.
public final class TaskRecords {

    private final MemorySegment memory;
    private final QueuedTask view;
    private final int slots;
    private long offset;

    /// Slots, all zero; the first one is chosen.
    ///
    /// @param slots 1 or more
    public TaskRecords(int slots) {
        memory =
                MemorySegment.ofArray(new long[Math.toIntExact(slots * Queued.BYTES / Long.BYTES)]);
        view = new QueuedTask(memory);
        this.slots = slots;
    }

    /// How many there are.
    ///
    /// @return as at the start
    public int slots() {
        return slots;
    }

    /// Chooses the slot that the other methods fill in.
    ///
    /// @param slot 0 or more, below [#slots()]
    /// @return this
    public TaskRecords at(int slot) {
        offset = slot * Queued.BYTES;
        return this;
    }

    /// The view that a policy gets of a slot; there is one for all.
    ///
    /// @param slot 0 or more, below [#slots()]
    /// @return the view, moved there
    public QueuedTask view(int slot) {
        return view.at(slot * Queued.BYTES);
    }

    /// Who it is.
    ///
    /// @param pid as [QueuedTask#pid()]
    /// @param tgid as [QueuedTask#tgid()]
    /// @return this
    public TaskRecords ids(int pid, int tgid) {
        memory.set(ValueLayout.JAVA_INT, offset + Queued.PID, pid);
        memory.set(ValueLayout.JAVA_INT, offset + Queued.TGID, tgid);
        return this;
    }

    /// Where it is, and how many CPUs it may use.
    ///
    /// @param cpu as [QueuedTask#cpu()]
    /// @param nrCpusAllowed as [QueuedTask#nrCpusAllowed()]
    /// @return this
    public TaskRecords place(int cpu, int nrCpusAllowed) {
        memory.set(ValueLayout.JAVA_INT, offset + Queued.CPU, cpu);
        memory.set(ValueLayout.JAVA_INT, offset + Queued.NR_CPUS_ALLOWED, nrCpusAllowed);
        return this;
    }

    /// How it was queued.
    ///
    /// @param flags as [QueuedTask#flags()]
    /// @param generation as [QueuedTask#generation()]
    /// @return this
    public TaskRecords queueing(long flags, long generation) {
        memory.set(ValueLayout.JAVA_LONG, offset + Queued.FLAGS, flags);
        memory.set(ValueLayout.JAVA_LONG, offset + Queued.GENERATION, generation);
        return this;
    }

    /// How it ran so far.
    ///
    /// @param startTs as [QueuedTask#startTs()]
    /// @param stopTs as [QueuedTask#stopTs()]
    /// @param execRuntime as [QueuedTask#execRuntime()]
    /// @return this
    public TaskRecords ran(long startTs, long stopTs, long execRuntime) {
        memory.set(ValueLayout.JAVA_LONG, offset + Queued.START_TS, startTs);
        memory.set(ValueLayout.JAVA_LONG, offset + Queued.STOP_TS, stopTs);
        memory.set(ValueLayout.JAVA_LONG, offset + Queued.EXEC_RUNTIME, execRuntime);
        return this;
    }

    /// What it is due.
    ///
    /// @param weight as [QueuedTask#weight()]
    /// @param vtime as [QueuedTask#vtime()]
    /// @return this
    public TaskRecords share(long weight, long vtime) {
        memory.set(ValueLayout.JAVA_LONG, offset + Queued.WEIGHT, weight);
        memory.set(ValueLayout.JAVA_LONG, offset + Queued.VTIME, vtime);
        return this;
    }

    /// Its name.
    ///
    /// @param utf8 what is longer than 15 bytes is cut off, as the kernel does
    /// @return this
    public TaskRecords comm(byte[] utf8) {
        int room = (int) (Queued.BYTES - Queued.COMM);
        for (int i = 0; i < room; i++) {
            byte b = i < utf8.length && i < room - 1 ? utf8[i] : 0;
            memory.set(ValueLayout.JAVA_BYTE, offset + Queued.COMM + i, b);
        }
        return this;
    }

    /// The bytes for [#comm(byte[])]. Allocates.
    ///
    /// @param name any text
    /// @return in UTF-8
    public static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
