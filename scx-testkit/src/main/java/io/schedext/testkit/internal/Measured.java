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
    long longestWaitNs;
    long longestWaitBegan = NOT;
    long longestWaitInCustodyNs;
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

    long custodyNs() {
        return custodyNs;
    }

    void stops(long now, boolean runnable) {
        waitsSince = runnable ? now : NOT;
    }

    /// How long it waited for its last run.
    long lastWaitNs() {
        return lastWaitNs;
    }

    boolean waitsLongerThan(long ns, long now) {
        return waitsSince >= 0 && now - waitsSince > ns;
    }

    /// Since when it waits, or negative.
    long waitsSince() {
        return waitsSince;
    }
}
