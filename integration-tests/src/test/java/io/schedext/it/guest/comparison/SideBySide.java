// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.Policy;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.AttachedScheduler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.TestReporter;

/// The same loads under a scheduler of ours and under the kernel's, in turns: what else runs on the
/// machine meanwhile happens to both.
final class SideBySide {

    private final Map<String, List<Double>> eevdf = new LinkedHashMap<>();
    private final Map<String, List<Double>> ours = new LinkedHashMap<>();

    /// Runs them, once each to warm up, then in turns.
    ///
    /// @param rounds how often under either
    SideBySide(
            SchedulerOptions options,
            Supplier<? extends Policy> policies,
            int rounds,
            List<Measurement> measurements)
            throws Exception {
        for (int round = -1; round < rounds; round++) {
            try (var scheduler = new AttachedScheduler(options, policies.get())) {
                for (Measurement measurement : measurements) {
                    keep(round, ours, measurement.run());
                }
                assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
            }
            for (Measurement measurement : measurements) {
                keep(round, eevdf, measurement.run());
            }
        }
    }

    private static void keep(
            int round, Map<String, List<Double>> where, Map<String, Double> measured) {
        if (round >= 0) {
            measured.forEach((name, number) ->
                    where.computeIfAbsent(name, _ -> new ArrayList<>()).add(number));
        }
    }

    /// Reports all medians with what they are of.
    void report(TestReporter reporter) {
        eevdf.keySet()
                .forEach(name ->
                        reporter.publishEntry(
                                name,
                                String.format(
                                        Locale.ROOT,
                                        "%.3g, EEVDF %.3g; %s, EEVDF %s",
                                        ours(name),
                                        eevdf(name),
                                        all(ours.get(name)),
                                        all(eevdf.get(name)))));
    }

    private static List<String> all(List<Double> numbers) {
        return numbers.stream().map(n -> String.format(Locale.ROOT, "%.3g", n)).toList();
    }

    /// What was measured.
    Set<String> names() {
        return eevdf.keySet();
    }

    double ours(String name) {
        return median(ours.get(name));
    }

    double eevdf(String name) {
        return median(eevdf.get(name));
    }

    private static double median(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
