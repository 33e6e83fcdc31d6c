// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

/// What is measured of one task. Times in nanoseconds.
final class Measured {

    private static final long NOT = -1;

    long runNs;
    long runs;
    long migrations;
    long wakeUps;
    long waitedNs;
    private long longestWaitNs;
    private long longestWaitBegan = NOT;
    private long longestWaitInCustodyNs;
    private long waitsSince = NOT;
    private long lastWaitNs;
    private boolean woken;
    private long custodyNs; // of the present wait
    final Latencies wakeUpLatencies = new Latencies();

    void wakeUp(long now) {
        wakeUps++;
        waitsSince = now;
        woken = true;
    }

    /// It is runnable though it did not sleep.
    void waits(long now) {
        waitsSince = now;
    }

    void starts(long now) {
        runs++;
        lastWaitNs = 0;
        if (waitsSince == NOT) {
            return;
        }
        long wait = now - waitsSince;
        waitedNs += wait;
        lastWaitNs = wait;
        if (wait > longestWaitNs) {
            longestWaitNs = wait;
            longestWaitBegan = waitsSince;
            longestWaitInCustodyNs = custodyNs;
        }
        if (woken) {
            wakeUpLatencies.add(wait);
        }
        waitsSince = NOT;
        woken = false;
        custodyNs = 0;
    }

    /// It was parked for so long, until a decision came or it was taken back.
    void wasInCustody(long ns) {
        custodyNs += ns;
    }

    void stops(long now, boolean runnable) {
        waitsSince = runnable ? now : NOT;
    }

    /// How long it waited for its last run.
    long lastWaitNs() {
        return lastWaitNs;
    }

    /// How long it has been waiting; 0 if it is not.
    long presentWaitNs(long now) {
        return waitsSince == NOT ? 0 : now - waitsSince;
    }

    /// Whether its present wait is the longest it ever had.
    private boolean waitsLongestNow(long now) {
        return presentWaitNs(now) > longestWaitNs;
    }

    /// Its longest wait, the present one included.
    long longestWaitNs(long now) {
        return Math.max(longestWaitNs, presentWaitNs(now));
    }

    /// When that began; before the clock did if it never waited.
    long longestWaitBegan(long now) {
        return waitsLongestNow(now) ? waitsSince : longestWaitBegan;
    }

    /// How much of it was in custody.
    ///
    /// @param presentCustodyNs for how long it has been parked now
    long longestWaitInCustodyNs(long now, long presentCustodyNs) {
        return waitsLongestNow(now) ? custodyNs + presentCustodyNs : longestWaitInCustodyNs;
    }
}
