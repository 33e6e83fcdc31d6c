// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.spi;

import io.schedext.core.internal.Layout.Queued;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// How [io.schedext.core.Recorder] writes: a header, then entries of one size, all little-endian.
/// Offsets in bytes.
///
/// | entry | its payload |
/// |---|---|
/// | [#CYCLE] | how many tasks are queued, how many CPUs are on line |
/// | [#TASK] | a `struct queued_task` |
/// | [#DECISION] | the fields of a decision, and whether the ring took it |
/// | [#SELECT_CPU] | pid, previous CPU, flags, the CPU found |
/// | [#TIME] | what the clock said |
/// | [#QUEUED] | how many tasks are queued, when the policy asked for it once more |
/// | [#END] | how many tasks the policy holds back |
public final class RecordingFormat {

    /// The first eight bytes: `SCXREC` and a version of two digits.
    public static final long MAGIC = 0x3130_4345_5258_4353L;

    /// Where the layout of a task comes from; a recording of another one cannot be read.
    public static final long TASK_BYTES = Queued.BYTES;

    /// Of the header: [#MAGIC].
    public static final long HEADER_MAGIC = 0;

    /// Of the header: [#TASK_BYTES].
    public static final long HEADER_TASK_BYTES = 8;

    /// Of the header: entries written.
    public static final long HEADER_ENTRIES = 16;

    /// Of the header: entries that found no room.
    public static final long HEADER_MISSED = 24;

    /// Bytes of the header.
    public static final long HEADER_BYTES = 32;

    /// Of an entry: its kind.
    public static final long KIND = 0;

    /// Of an entry: its payload.
    public static final long PAYLOAD = 8;

    /// Bytes of an entry.
    public static final long ENTRY_BYTES = PAYLOAD + Queued.BYTES;

    /// The first call of a cycle comes.
    public static final long CYCLE = 1;

    /// A task was taken.
    public static final long TASK = 2;

    /// A decision was made.
    public static final long DECISION = 3;

    /// An idle CPU was asked for.
    public static final long SELECT_CPU = 4;

    /// The time was asked for.
    public static final long TIME = 5;

    /// The cycle is over.
    public static final long END = 6;

    /// The number of tasks queued was asked for, later than at the cycle's beginning.
    public static final long QUEUED = 7;

    /// Of the payload of a [#CYCLE]: tasks queued; what the policy was told, if it asked first of
    /// all.
    public static final long CYCLE_QUEUED = 8;

    /// Of the payload of a [#CYCLE]: CPUs on line.
    public static final long CYCLE_CPUS = 16;

    /// Of the payload of a [#DECISION]: the thread id.
    public static final long DECISION_PID = 8;

    /// Of the payload of a [#DECISION]: the CPU.
    public static final long DECISION_CPU = 16;

    /// Of the payload of a [#DECISION]: the flags.
    public static final long DECISION_FLAGS = 24;

    /// Of the payload of a [#DECISION]: the slice.
    public static final long DECISION_SLICE = 32;

    /// Of the payload of a [#DECISION]: the vtime.
    public static final long DECISION_VTIME = 40;

    /// Of the payload of a [#DECISION]: the generation.
    public static final long DECISION_GENERATION = 48;

    /// Of the payload of a [#DECISION]: 1 if the ring took it.
    public static final long DECISION_TAKEN = 56;

    /// Of the payload of a [#SELECT_CPU]: the thread id.
    public static final long SELECT_PID = 8;

    /// Of the payload of a [#SELECT_CPU]: the previous CPU.
    public static final long SELECT_PREVIOUS = 16;

    /// Of the payload of a [#SELECT_CPU]: the flags.
    public static final long SELECT_FLAGS = 24;

    /// Of the payload of a [#SELECT_CPU]: what was found.
    public static final long SELECT_FOUND = 32;

    /// Of the payload of a [#TIME], [#QUEUED] or [#END]: nanoseconds, or tasks.
    public static final long VALUE = 8;

    /// All numbers but those within a task's record.
    public static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RecordingFormat() {}
}
