// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.rlfifo;

import static io.schedext.testkit.SimulationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.testkit.Behaviour;
import io.schedext.testkit.Machine;
import io.schedext.testkit.Recording;
import io.schedext.testkit.Scenario;
import io.schedext.testkit.SimulatedTask;
import io.schedext.testkit.Simulation;
import io.schedext.testkit.Simulations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the policy is good for, on a simulated machine.
@ExtendWith(Simulations.Extension.class)
class FifoSimulationTest {

    private static final long SLICE = 20_000_000;

    @Test
    void everybodyGetsATurn(Simulations simulations) {
        Simulation simulation = simulations.of(Machine.of(4), new FifoPolicy(SLICE));
        simulation.spawn(12, "hog", Behaviour.hog());
        List<SimulatedTask> sleepers =
                simulation.spawn(
                        20,
                        "sleeper",
                        Behaviour.random(Duration.ofMillis(1), Duration.ofMillis(9)));
        simulation.run(Duration.ofSeconds(5));
        assertThat(simulation)
                .lostNoTask()
                .wasNotEvicted()
                .decidedEverythingInTime()
                .keptCpusBusy(0.01)
                .letNobodyWaitLongerThan(Duration.ofMillis(300))
                .wokeUpWithin(sleepers, 50, Duration.ofMillis(100));
    }

    /// As long as CPUs are idle nobody waits, and tasks stay where they were.
    @Test
    void idleCpusAreUsed(Simulations simulations) {
        Simulation simulation = simulations.of(Machine.of(8), new FifoPolicy(SLICE));
        List<SimulatedTask> tasks =
                simulation.spawn(
                        4, "task", Behaviour.sleeper(Duration.ofMillis(2), Duration.ofMillis(6)));
        simulation.run(Duration.ofSeconds(2));
        assertThat(simulation).wokeUpWithin(tasks, 99, Duration.ofNanos(50_000));
        assertThat(tasks).allMatch(task -> task.migrations() <= 2);
    }

    /// What it decided in a real kernel (`RecorderTest` made the recording, on 6.18) it decides
    /// again; whoever changes what it decides makes a new one.
    @Test
    void decidesAsItDidInTheKernel() throws Exception {
        Path file = Path.of(FifoSimulationTest.class.getResource("kernel-6.18.scxrec").toURI());
        Recording recording = Recording.read(file);
        assertThat(recording.tasks()).isGreaterThan(100);
        assertThat(recording.replay(new FifoPolicy(SLICE))).isEmpty();
        assertThat(recording.replay(new FifoPolicy(SLICE / 2)))
                .hasSizeGreaterThan(recording.tasks() * 9 / 10);
    }

    @Test
    void onMachinesNobodyThoughtOf() {
        Scenario.forEach(30, scenario -> scenario.check(() -> new FifoPolicy(SLICE)));
    }
}
