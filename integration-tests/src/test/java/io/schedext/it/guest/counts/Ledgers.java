// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.Counters;
import io.schedext.core.DecisionLedger;
import io.schedext.core.TaskLedger;
import io.schedext.it.guest.support.AttachedScheduler;
import java.io.IOException;
import org.junit.jupiter.api.TestReporter;

/// Both ledgers of a scheduler, as they were when it was detached.
///
/// @param tasks what became of the tasks
/// @param decisions what became of the decisions
public record Ledgers(TaskLedger tasks, DecisionLedger decisions) {

    /// Detaches the scheduler, and holds that both ledgers are exact and that it was not thrown
    /// out.
    public static Ledgers exactAfterDetach(AttachedScheduler scheduler, TestReporter reporter)
            throws IOException {
        String thrownOut = scheduler.exited() ? scheduler.exitInfo().toString() : "";
        scheduler.detach();
        Counters counters = scheduler.counters();
        Ledgers ledgers = new Ledgers(counters.tasks(), counters.decisions());
        reporter.publishEntry("tasks", ledgers.tasks.toString());
        reporter.publishEntry("decisions", ledgers.decisions.toString());
        assertThat(thrownOut).as("what the kernel ended the scheduler for").isEmpty();
        ledgers.assertExact();
        DecisionLedger d = ledgers.decisions;
        assertThat(d.submitted() - d.drained())
                .as("submitted less drained is what the kernel has in the ring, %s", d)
                .isEqualTo(Rings.decisions());
        return ledgers;
    }

    /// Holds that they are exact to the last task; what is left in a ring, only the kernel knows.
    void assertExact() {
        TaskLedger t = tasks;
        assertThat(t.opened())
                .as("opened, of %s", t)
                .isEqualTo(
                        t.user()
                                + t.bounced()
                                + t.silence()
                                + t.overdue()
                                + t.kernel()
                                + t.requeued()
                                + t.left());
        assertThat(t.held()).as("held, of %s", t).isZero();
        DecisionLedger d = decisions;
        assertThat(d.drained())
                .as("drained, of %s", d)
                .isEqualTo(d.user() + d.bounced() + d.stale() + d.gone() + d.refused());
        assertThat(d.user()).as("carried out, in both").isEqualTo(t.user());
        assertThat(d.bounced()).as("bounced, in both").isEqualTo(t.bounced());
    }
}
