// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.core.Counters;
import io.schedext.core.TaskLedger;
import io.schedext.it.guest.support.SchedObserver;
import java.util.ArrayList;
import java.util.List;

/// Holds a running scheduler's ledger of tasks against the kernel's own count of parked tasks.
final class HeldSampler {

    /// One look at both.
    ///
    /// @param held opened less closed, by the ledger
    /// @param parked tasks in the parks, by the kernel
    /// @param slack by how much the two may differ because they are not of one instant: what was
    ///   opened or closed between the first look and the last
    record Sample(long held, long parked, long slack) {

        long difference() {
            return Math.abs(held - parked);
        }
    }

    private final SchedObserver observer;
    private final Counters counters;
    private final List<Sample> samples = new ArrayList<>();

    HeldSampler(SchedObserver observer, Counters counters) {
        this.observer = observer;
        this.counters = counters;
    }

    void sample() {
        TaskLedger before = counters.tasks();
        long parked = observer.parked();
        TaskLedger ledger = counters.tasks();
        TaskLedger after = counters.tasks();
        long slack = after.opened() - before.opened() + closed(after) - closed(before);
        samples.add(new Sample(ledger.held(), parked, slack));
    }

    private static long closed(TaskLedger ledger) {
        return ledger.opened() - ledger.held();
    }

    List<Sample> samples() {
        return samples;
    }
}
