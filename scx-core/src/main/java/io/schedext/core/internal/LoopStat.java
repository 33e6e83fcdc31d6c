// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What proc_pid_stat(5) tells of a loop thread.
///
/// @param stat the thread's own file; not the one of its process, which sums up all threads
public record LoopStat(Path stat) {

    // Numbered from 1 in the man page; the first two come before what is split.
    private static final int MINOR_FAULTS = 10 - 3;
    private static final int MAJOR_FAULTS = 12 - 3;

    /// Of any process.
    ///
    /// @param tid the kernel's number of the thread
    public static LoopStat of(int tid) {
        return new LoopStat(Path.of("/proc/" + tid + "/task/" + tid + "/stat"));
    }

    /// Its page faults.
    ///
    /// @return minor and major ones since it began; empty when there is no such thread any more
    public Optional<Faults> faults() {
        String[] fields = fields();
        return fields.length > MAJOR_FAULTS
                ? Optional.of(
                        new Faults(
                                Long.parseLong(fields[MINOR_FAULTS]),
                                Long.parseLong(fields[MAJOR_FAULTS])))
                : Optional.empty();
    }

    /// Page faults, since a thread began.
    ///
    /// @param minor without I/O
    /// @param major with I/O
    public record Faults(long minor, long major) {

        /// Of a thread of which nothing is known.
        public static final Faults NONE = new Faults(0, 0);
    }

    /// The fields behind the name, which may contain anything. None when the thread has ended.
    private String[] fields() {
        try {
            String text = Files.readString(stat);
            return text.substring(text.lastIndexOf(')') + 2).split(" ");
        } catch (IOException e) {
            return new String[0];
        }
    }
}
