// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Every benchmark runs. Its figures here mean nothing.
class SmokeTest {

    @Test
    void everyBenchmarkRuns() throws RunnerException {
        Collection<RunResult> results =
                new Runner(
                                new OptionsBuilder()
                                        .forks(0)
                                        .warmupIterations(0)
                                        .measurementIterations(1)
                                        .measurementTime(TimeValue.milliseconds(20))
                                        .shouldFailOnError(true)
                                        .verbosity(VerboseMode.SILENT)
                                        .build())
                        .run();
        Set<String> names = new TreeSet<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            names.add(name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1));
            assertThat(result.getPrimaryResult().getScore()).as(name).isPositive();
        }
        assertThat(names)
                .containsExactly(
                        "CycleBenchmark.cycle",
                        "RingBenchmark.dispatchedTask",
                        "RingBenchmark.queuedTask",
                        "SimulationBenchmark.run",
                        "TaskQueueBenchmark.leaveAndCome");
        assertThat(results)
                .as("three sizes of cycle, two of a simulation, three of a queue")
                .hasSize(10);
    }
}
