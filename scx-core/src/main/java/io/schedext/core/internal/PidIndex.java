// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

/// From a task's id to a number: a hash table with linear probing, half full at most, in which
/// nothing is ever marked as deleted. Allocates only when it is made. Not thread-safe.
public final class PidIndex {

    /// The most tasks Linux has (`PID_MAX_LIMIT`).
    public static final int MOST = 1 << 22;

    /// There is no such task.
    public static final int NONE = -1;

    /// No task has the id 0: that is the idle task of each CPU, which nobody schedules.
    private static final int EMPTY = 0;

    /// 2^32 divided by the golden ratio: ids that follow one another end far apart.
    private static final int SPREAD = 0x9E3779B9;

    private final int[] pids;
    private final int[] values;
    private final int shift;
    private final int mask;

    /// @param capacity how many ids it has to take, 1 to [#MOST]
    public PidIndex(int capacity) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(2 * capacity - 1);
        pids = new int[1 << bits];
        values = new int[1 << bits];
        shift = Integer.SIZE - bits;
        mask = (1 << bits) - 1;
    }

    private int home(int pid) {
        return pid * SPREAD >>> shift;
    }

    /// Where the id is, or the empty place where it would be.
    private int place(int pid) {
        int at = home(pid);
        while (pids[at] != EMPTY && pids[at] != pid) {
            at = at + 1 & mask;
        }
        return at;
    }

    /// @param pid above 0
    /// @return the number put last, or [#NONE]
    public int find(int pid) {
        int at = place(pid);
        return pids[at] == EMPTY ? NONE : values[at];
    }

    /// @param pid above 0
    /// @param value 0 or more
    public void put(int pid, int value) {
        int at = place(pid);
        pids[at] = pid;
        values[at] = value;
    }

    /// @param pid above 0
    /// @return the number it had, or [#NONE]
    public int remove(int pid) {
        int hole = place(pid);
        if (pids[hole] == EMPTY) {
            return NONE;
        }
        int value = values[hole];
        for (int at = hole + 1 & mask; pids[at] != EMPTY; at = at + 1 & mask) {
            // Who is not yet at home, and whose home is not behind the hole, moves into it.
            if ((at - home(pids[at]) & mask) >= (at - hole & mask)) {
                pids[hole] = pids[at];
                values[hole] = values[at];
                hole = at;
            }
        }
        pids[hole] = EMPTY;
        return value;
    }
}
