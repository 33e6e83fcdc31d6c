// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.TestReporter;

/// What two loads get done, in turns under the scheduler that is attached, in partial mode, and
/// under the kernel's own: tasks that only compute, one per CPU, and pairs that wake each other,
/// one per CPU.
///
/// The machine is shared, and what else runs there for a second must not decide: each turn is
/// compared with the one just before it, and half of all turns may be worse than what is asserted.
final class Throughput {

    /// What must be kept of what EEVDF gets done; below is a failure.
    private static final double FLOOR = 0.6;

    /// Of each load. Ordinary tasks come first, so their turns must be shorter than any watchdog's
    /// timeout.
    private static final double TURN_SECONDS = 0.375;

    private final List<Work> eevdf = new ArrayList<>();
    private final List<Work> ours = new ArrayList<>();

    /// Runs both loads under both schedulers.
    ///
    /// @param cpus how many are online
    /// @param turns of a second and a half
    Throughput(int cpus, int turns) throws IOException, InterruptedException {
        for (int i = 0; i < turns; i++) {
            eevdf.add(Work.of(cpus, TURN_SECONDS, List.of()));
            ours.add(Work.of(cpus, TURN_SECONDS, List.of("ext")));
        }
    }

    /// Asserts the floor, and reports the shares.
    void isKept(String when, TestReporter reporter) {
        double computing = share(Work::computed, "computing", when, reporter);
        double waking = share(Work::woken, "waking", when, reporter);
        assertThat(computing).as("computing, %s", when).isGreaterThan(FLOOR);
        assertThat(waking).as("waking, %s", when).isGreaterThan(FLOOR);
    }

    private double share(ToLongFunction<Work> of, String what, String when, TestReporter reporter) {
        double[] shares = new double[ours.size()];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (double) of.applyAsLong(ours.get(i)) / of.applyAsLong(eevdf.get(i));
        }
        Arrays.sort(shares);
        double median = shares[(shares.length - 1) / 2];
        reporter.publishEntry(
                "%s, of EEVDF's throughput, %s".formatted(what, when),
                String.format(
                        Locale.ROOT,
                        "%.0f %% (%.0f to %.0f in %d turns; %d of %d in all)",
                        100 * median,
                        100 * shares[0],
                        100 * shares[shares.length - 1],
                        shares.length,
                        ours.stream().mapToLong(of).sum(),
                        eevdf.stream().mapToLong(of).sum()));
        return median;
    }
}
