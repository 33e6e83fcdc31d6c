// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime;

import static io.schedext.testkit.SimulationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.schedext.testkit.Behaviour;
import io.schedext.testkit.Machine;
import io.schedext.testkit.Scenario;
import io.schedext.testkit.SimulatedTask;
import io.schedext.testkit.Simulation;
import io.schedext.testkit.Simulations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the policy is good for, on a simulated machine.
@ExtendWith(Simulations.Extension.class)
class VruntimeSimulationTest {

    private static final long SLICE = 20_000_000;
    private static final long MIN_SLICE = 1_000_000;

    @Test
    void hogsShareByWeight(Simulations simulations) {
        Simulation simulation = simulations.of(Machine.of(4), new VruntimePolicy(SLICE, MIN_SLICE));
        List<SimulatedTask> hogs = new ArrayList<>(simulation.spawn(8, "hog", Behaviour.hog()));
        hogs.add(simulation.spawn("nice", Behaviour.hog()).nice(5));
        hogs.add(simulation.spawn("mean", Behaviour.hog()).nice(-3));
        simulation.run(Duration.ofSeconds(20));
        assertThat(simulation)
                .sharedByWeight(hogs, 0.1)
                .keptCpusBusy(0.01)
                .decidedEverythingInTime()
                .lostNoTask();
    }

    /// The three heaviest are due more than a CPU each and have one; the others share the fourth by
    /// weight.
    @Test
    void oneHogOfEachNiceLevel(Simulations simulations) {
        Simulation simulation = simulations.of(Machine.of(4), new VruntimePolicy(SLICE, MIN_SLICE));
        List<SimulatedTask> hogs = new ArrayList<>();
        for (int nice = -15; nice <= 15; nice += 5) {
            hogs.add(simulation.spawn("nice " + nice, Behaviour.hog()).nice(nice));
        }
        simulation.run(Duration.ofSeconds(60));
        assertThat(hogs.subList(0, 3)).allMatch(hog -> hog.cpuShare() > 0.995);
        double[] weights = {100, 33, 11, 4}; // as sched_ext rounds them
        for (int i = 0; i < weights.length; i++) {
            assertThat(hogs.get(3 + i).cpuShare())
                    .as(hogs.get(3 + i).name())
                    .isCloseTo(weights[i] / 148, withinPercentage(3));
        }
    }

    /// All of one CPU. The lightest is due a tick in four seconds and is overdue before that: it
    /// runs twice as often, and the others have their shares all the same.
    @Test
    void oneHogOfEachNiceLevelOnOneCpu(Simulations simulations) {
        Simulation simulation = simulations.of(Machine.of(4), new VruntimePolicy(SLICE, MIN_SLICE));
        List<SimulatedTask> hogs = new ArrayList<>();
        for (int nice = -15; nice <= 15; nice += 5) {
            hogs.add(simulation.spawn("nice " + nice, Behaviour.hog()).nice(nice).cpus(3));
        }
        simulation.run(Duration.ofSeconds(60));
        double[] weights = {2847, 932, 305, 100, 33, 11, 4};
        for (int i = 0; i < weights.length - 1; i++) {
            assertThat(hogs.get(i).cpuShare())
                    .as(hogs.get(i).name())
                    .isCloseTo(weights[i] / 4232, withinPercentage(3));
        }
        assertThat(simulation).letNobodyWaitLongerThan(Duration.ofMillis(2_600));
    }

    /// Nor has any of two to wait for the other, or for the end of a slice.
    @Test
    void whoWakesUpRunsAtOnce(Simulations simulations) {
        Simulation simulation = simulations.of(Machine.of(4), new VruntimePolicy(SLICE, MIN_SLICE));
        simulation.spawn(8, "hog", Behaviour.hog());
        List<SimulatedTask> games =
                simulation.spawn(
                        2, "game", Behaviour.periodic(Duration.ofMillis(16), Duration.ofMillis(2)));
        simulation.run(Duration.ofSeconds(10));
        assertThat(simulation).wokeUpWithin(games, 99, Duration.ofMillis(1)).keptCpusBusy(0.01);
    }

    /// New ones start where all are, and that moves on though none of them lives long enough to be
    /// heard of twice: forking takes from the others, but not all.
    @Test
    void shortLivesOneAfterTheOther(Simulations simulations) {
        Simulation simulation = simulations.of(Machine.of(1), new VruntimePolicy(SLICE, MIN_SLICE));
        SimulatedTask hog = simulation.spawn("hog", Behaviour.hog());
        SimulatedTask job = simulation.spawn("job", Behaviour.job(Duration.ofMillis(8)));
        while (simulation.elapsed().toSeconds() < 10) {
            if (job.exited()) {
                job = simulation.spawn("job", Behaviour.job(Duration.ofMillis(8)));
            }
            simulation.run(Duration.ofNanos(100_000));
        }
        assertThat(hog.cpuShare()).isGreaterThan(0.15);
        assertThat(hog.longestWait()).isLessThan(Duration.ofMillis(300));
        assertThat(simulation).lostNoTask();
    }

    @Test
    void onMachinesNobodyThoughtOf() {
        Scenario.forEach(
                30, scenario -> scenario.check(() -> new VruntimePolicy(SLICE, MIN_SLICE)));
    }
}
