// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.TestReporter;

/// What two loads get done, one after the other: tasks that only compute, one per CPU, and pairs
/// that wake each other, one per CPU. Compared with what they got done under the kernel's own
/// scheduler, before and after, on the same machine.
///
/// @param computed rounds of work
/// @param woken times a token went there and back
record Throughput(long computed, long woken) {

    /// What must be kept of what EEVDF gets done; below is a failure.
    private static final double FLOOR = 0.6;

    /// Runs both loads, each for so long.
    static Throughput measure(int cpus, double seconds) throws IOException, InterruptedException {
        return new Throughput(run("spin", cpus, seconds), run("pingpong", cpus, seconds));
    }

    /// As much for several times as long.
    Throughput times(long n) {
        return new Throughput(n * computed, n * woken);
    }

    private static long run(String load, int tasks, double seconds)
            throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            processes.add(
                    new ProcessBuilder("/scx/load", load, "" + seconds)
                            .redirectError(Redirect.INHERIT)
                            .start());
        }
        long sum = 0;
        for (Process process : processes) {
            try (var out = process.getInputStream()) {
                sum +=
                        Long.parseLong(
                                new String(out.readAllBytes(), StandardCharsets.US_ASCII).strip());
            }
            assertThat(process.waitFor()).as("exit status of %s", load).isZero();
        }
        return sum;
    }

    /// Asserts the floor, and reports the shares.
    ///
    /// @param before under the kernel's own scheduler, before
    /// @param after the same, afterwards
    void isKept(String when, Throughput before, Throughput after, TestReporter reporter) {
        double computing = 2.0 * computed / (before.computed + after.computed);
        double waking = 2.0 * woken / (before.woken + after.woken);
        reporter.publishEntry(
                "of EEVDF's throughput, " + when,
                String.format(
                        Locale.ROOT,
                        "%.0f %% computing (%d of %d and %d), %.0f %% waking (%d of %d and %d)",
                        100 * computing,
                        computed,
                        before.computed,
                        after.computed,
                        100 * waking,
                        woken,
                        before.woken,
                        after.woken));
        assertThat(computing).as("computing, %s", when).isGreaterThan(FLOOR);
        assertThat(waking).as("waking, %s", when).isGreaterThan(FLOOR);
    }
}
