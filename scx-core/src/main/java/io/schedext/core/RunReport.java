// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// What a run came to, read after detach, when the ledgers are exact.
///
/// @param exit why it ended
/// @param statistics the ten statistics
/// @param tasks what became of the tasks handed to user space
/// @param decisions what became of the decisions
/// @param latency how long tasks waited for their decision
/// @param silence when the kernel side scheduled without the loop
public record RunReport(
        ExitInfo exit,
        Statistics statistics,
        TaskLedger tasks,
        DecisionLedger decisions,
        LatencyHistogram latency,
        Silence silence) {

    static RunReport of(BpfScheduler scheduler) {
        Counters counters = scheduler.counters();
        return new RunReport(
                scheduler.exitInfo(),
                Statistics.of(counters, scheduler.loopHealth()),
                counters.tasks(),
                counters.decisions(),
                counters.latency(),
                counters.silence());
    }

    /// A few lines for people.
    @Override
    public String toString() {
        long all = statistics.user() + statistics.bounced() + statistics.kernel();
        long java = statistics.user() + statistics.bounced();
        return """
        ended: %s
        dispatched: %d tasks, %d of them by the policy (%.1f %%), %d by the kernel side
        latency from enqueue to dispatch: median %.1f us, 99 %% %.1f us, longest %.1f us
        tasks: opened=%d user=%d bounced=%d silence=%d overdue=%d kernel=%d requeued=%d left=%d held=%d
        decisions: submitted=%d drained=%d user=%d bounced=%d stale=%d gone=%d refused=%d in ring=%d
        silent: blocked=%d stalled=%d starved=%d damaged=%d, %d ended after %.1f ms in all
        loop: %s\
        """
                .formatted(
                        exit.kind() == ExitKind.NONE ? "before it was attached" : exit,
                        all,
                        java,
                        all == 0 ? 0.0 : 100.0 * java / all,
                        statistics.kernel(),
                        latency.percentile(0.5) / 1000.0,
                        latency.percentile(0.99) / 1000.0,
                        latency.percentile(1) / 1000.0,
                        tasks.opened(),
                        tasks.user(),
                        tasks.bounced(),
                        tasks.silence(),
                        tasks.overdue(),
                        tasks.kernel(),
                        tasks.requeued(),
                        tasks.left(),
                        tasks.held(),
                        decisions.submitted(),
                        decisions.drained(),
                        decisions.user(),
                        decisions.bounced(),
                        decisions.stale(),
                        decisions.gone(),
                        decisions.refused(),
                        decisions.inRing(),
                        silence.blocked(),
                        silence.stalled(),
                        silence.starved(),
                        silence.damaged(),
                        silence.exits(),
                        silence.endedNs() / 1e6,
                        statistics.loop());
    }
}
