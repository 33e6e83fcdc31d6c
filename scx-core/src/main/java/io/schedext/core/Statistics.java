// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// The ten statistics at one time, for people and for differences. Immutable.
///
/// @param onlineCpus CPUs on line
/// @param running tasks that run now
/// @param queued tasks that wait to be taken by the policy
/// @param scheduled tasks the policy holds back
/// @param user decisions carried out, see [Counters#userDispatches()]
/// @param kernel dispatched by the kernel side, see [Counters#kernelDispatches()]
/// @param cancelled decisions that came too late
/// @param bounced decisions for an impossible CPU
/// @param failed decisions that made no sense
/// @param congested tasks that found the ring full
public record Statistics(
        long onlineCpus,
        long running,
        long queued,
        long scheduled,
        long user,
        long kernel,
        long cancelled,
        long bounced,
        long failed,
        long congested) {

    /// Reads them.
    ///
    /// @param counters where from
    /// @return a snapshot
    public static Statistics of(Counters counters) {
        return new Statistics(
                counters.onlineCpus(),
                counters.running(),
                counters.queued(),
                counters.scheduled(),
                counters.userDispatches(),
                counters.kernelDispatches(),
                counters.cancelledDispatches(),
                counters.bouncedDispatches(),
                counters.failedDispatches(),
                counters.congestionEvents());
    }

    /// What happened since an earlier snapshot: gauges as they are now, the rest as differences.
    ///
    /// @param earlier the earlier one
    /// @return the difference
    public Statistics since(Statistics earlier) {
        return new Statistics(
                onlineCpus,
                running,
                queued,
                scheduled,
                user - earlier.user,
                kernel - earlier.kernel,
                cancelled - earlier.cancelled,
                bounced - earlier.bounced,
                failed - earlier.failed,
                congested - earlier.congested);
    }

    /// One line: tasks running of CPUs, waiting for and in the policy, and the dispatches.
    @Override
    public String toString() {
        return "running=%d/%d waiting=%d/%d user=%d kernel=%d cancelled=%d bounced=%d failed=%d congested=%d"
                .formatted(
                        running,
                        onlineCpus,
                        queued,
                        scheduled,
                        user,
                        kernel,
                        cancelled,
                        bounced,
                        failed,
                        congested);
    }
}
