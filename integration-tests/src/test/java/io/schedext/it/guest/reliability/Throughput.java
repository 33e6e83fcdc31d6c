// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.TestReporter;

/// What two loads get done, one after the other: tasks that only compute, one per CPU, and pairs
/// that wake each other, one per CPU. Compared with what they got done under the kernel's own
/// scheduler, in turns or before and after, on the same machine.
///
/// @param computed rounds of work
/// @param woken times a token went there and back
record Throughput(long computed, long woken) {

    /// What must be kept of what EEVDF gets done; below is a failure.
    private static final double FLOOR = 0.6;

    /// Runs both loads, each for so long.
    static Throughput measure(int cpus, double seconds) throws IOException, InterruptedException {
        return measure(cpus, seconds, List.of());
    }

    /// The same of the class SCHED_EXT, for a scheduler in partial mode.
    static Throughput measureExt(int cpus, double seconds)
            throws IOException, InterruptedException {
        return measure(cpus, seconds, List.of("ext"));
    }

    private static Throughput measure(int cpus, double seconds, List<String> how)
            throws IOException, InterruptedException {
        return new Throughput(run("spin", cpus, seconds, how), run("pingpong", cpus, seconds, how));
    }

    Throughput plus(Throughput other) {
        return new Throughput(computed + other.computed, woken + other.woken);
    }

    private static long run(String load, int tasks, double seconds, List<String> how)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(how);
        words.addAll(List.of(load, "" + seconds));
        List<LoadProgram> programs = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            programs.add(LoadProgram.start(words.toArray(String[]::new)));
        }
        long sum = 0;
        for (LoadProgram program : programs) {
            sum += program.numbers().getFirst();
        }
        return sum;
    }

    /// Asserts the floor, and reports the shares.
    ///
    /// @param eevdf what the kernel's own scheduler got done in as much time
    void isKept(String when, Throughput eevdf, TestReporter reporter) {
        double computing = (double) computed / eevdf.computed;
        double waking = (double) woken / eevdf.woken;
        reporter.publishEntry(
                "of EEVDF's throughput, " + when,
                String.format(
                        Locale.ROOT,
                        "%.0f %% computing (%d of %d), %.0f %% waking (%d of %d)",
                        100 * computing,
                        computed,
                        eevdf.computed,
                        100 * waking,
                        woken,
                        eevdf.woken));
        assertThat(computing).as("computing, %s", when).isGreaterThan(FLOOR);
        assertThat(waking).as("waking, %s", when).isGreaterThan(FLOOR);
    }
}
