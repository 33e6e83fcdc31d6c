// SPDX-License-Identifier: 0BSD
package org.example.priority;

import static io.schedext.testkit.SimulationAssert.assertThat;

import io.schedext.testkit.Behaviour;
import io.schedext.testkit.Machine;
import io.schedext.testkit.Scenario;
import io.schedext.testkit.SimulatedTask;
import io.schedext.testkit.Simulation;
import io.schedext.testkit.Simulations;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the policy is good for, on a simulated machine.
@ExtendWith(Simulations.Extension.class)
class PriorityByNameTest {

    private static PriorityByName first(String pattern) {
        return new PriorityByName(new NamePattern(pattern));
    }

    /// A game every 16 ms, on two CPUs with ten compilers.
    private static List<SimulatedTask> play(Simulation simulation) {
        simulation.spawn(10, "cc1", Behaviour.hog());
        List<SimulatedTask> games =
                simulation.spawn(
                        2, "game", Behaviour.periodic(Duration.ofMillis(16), Duration.ofMillis(4)));
        simulation.run(Duration.ofSeconds(5));
        return games;
    }

    @Test
    void whoseNameMatchesGoesFirst(Simulations simulations) {
        Simulation simulation = simulations.of(Machine.of(2), first("game-*"));
        List<SimulatedTask> games = play(simulation);
        assertThat(simulation)
                .wokeUpWithin(games, 99, Duration.ofMillis(12))
                .lostNoTask()
                .keptCpusBusy(0.01);
    }

    @Test
    void nobodyStarves(Simulations simulations) {
        Simulation simulation = simulations.of(Machine.of(2), first("cc1-*"));
        play(simulation);
        assertThat(simulation)
                .decidedEverythingInTime()
                .letNobodyWaitLongerThan(Duration.ofMillis(200));
    }

    @Test
    void onMachinesNobodyThoughtOf() {
        Scenario.forEach(10, scenario -> scenario.check(() -> first("*1")));
    }
}
