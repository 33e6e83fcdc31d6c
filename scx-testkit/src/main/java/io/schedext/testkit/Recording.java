// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import io.schedext.core.Policy;
import io.schedext.core.spi.RecordingFormat;
import io.schedext.testkit.internal.Player;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a [io.schedext.core.Recorder] has written down, to be played to any policy.
///
/// ```java
/// List<Difference> differences = Recording.read(file).replay(new MyPolicy());
/// ```
public final class Recording {

    private final MemorySegment memory;

    private Recording(MemorySegment memory) {
        this.memory = memory;
    }

    /// Reads a recording.
    ///
    /// @param file written by [io.schedext.core.Recorder#save(Path)]
    /// @return the recording
    /// @throws IOException when it cannot be read, or is no recording of this version
    public static Recording read(Path file) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(Files.readAllBytes(file));
        String wrong = Player.wrongWith(bytes);
        if (wrong != null) {
            throw new IOException(file + " cannot be played: " + wrong);
        }
        // records are read in place: they have to be aligned as in a ring
        MemorySegment memory =
                MemorySegment.ofArray(new long[(int) Math.ceilDiv(bytes.byteSize(), Long.BYTES)]);
        MemorySegment.copy(bytes, 0, memory, 0, bytes.byteSize());
        return new Recording(memory);
    }

    /// A decision.
    ///
    /// @param cpu as in [io.schedext.core.DispatchedTask]
    /// @param flags likewise
    /// @param sliceNs likewise
    /// @param vtime likewise
    public record Decision(int cpu, long flags, long sliceNs, long vtime) {}

    /// Where a policy decides otherwise.
    ///
    /// @param cycle in which the task was taken, counted from 0
    /// @param pid the task
    /// @param comm its name
    /// @param generation which queueing of it
    /// @param recorded what was decided, or null if nothing was
    /// @param replayed what is decided now, or null if nothing is
    public record Difference(
            int cycle,
            int pid,
            String comm,
            long generation,
            Decision recorded,
            Decision replayed) {}

    /// How many cycles it holds in which anything was done.
    ///
    /// @return 0 or more
    public int cycles() {
        return Player.count(memory, RecordingFormat.CYCLE);
    }

    /// How many tasks were handed to the policy.
    ///
    /// @return 0 or more
    public int tasks() {
        return Player.count(memory, RecordingFormat.TASK);
    }

    /// How many decisions it made.
    ///
    /// @return 0 or more
    public int decisions() {
        return Player.count(memory, RecordingFormat.DECISION);
    }

    /// How many entries found no room when it was made.
    ///
    /// @return 0 if it is complete
    public long missed() {
        return Player.missed(memory);
    }

    /// Plays it to a policy: the same tasks in the same cycles, the same answers about idle CPUs
    /// and the time where the policy asks the same, full rings where they were full. What a
    /// decision would have changed afterwards does not change.
    ///
    /// @param policy a new one
    /// @return where it decides otherwise, in the order in which the tasks came; empty for the
    ///   policy that was recorded, if it depends on nothing else
    public List<Difference> replay(Policy policy) {
        return new Player(memory).play(policy);
    }
}
