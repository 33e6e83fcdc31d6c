// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// The ten statistics at one time, the silences and how the loop is, for people and for
/// differences. Immutable.
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
/// @param silences how often the loop fell silent, see [Silence]
/// @param silent tasks dispatched by the kernel side meanwhile, see [Counters#silentDispatches()]
/// @param loop how the loop is
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
        long congested,
        long silences,
        long silent,
        LoopHealth loop) {

    /// Reads them.
    ///
    /// @param counters where from
    /// @param loop how the loop is
    /// @return a snapshot
    public static Statistics of(Counters counters, LoopHealth loop) {
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
                counters.congestionEvents(),
                counters.silence().entries(),
                counters.silentDispatches(),
                loop);
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
                congested - earlier.congested,
                silences - earlier.silences,
                silent - earlier.silent,
                loop.since(earlier.loop));
    }

    /// One line: tasks running of CPUs, waiting for and in the policy, the dispatches, the loop.
    @Override
    public String toString() {
        return "running=%d/%d waiting=%d/%d user=%d kernel=%d cancelled=%d bounced=%d failed=%d congested=%d silences=%d silent=%d %s"
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
                        congested,
                        silences,
                        silent,
                        loop);
    }
}
