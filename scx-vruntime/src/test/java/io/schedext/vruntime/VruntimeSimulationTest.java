// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime;

import static io.schedext.testkit.SimulationAssert.assertThat;

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

    private static final long SLICE = 8_000_000;

    @Test
    void hogsShareByWeight(Simulations simulations) {
        Simulation simulation = simulations.of(Machine.of(4), new VruntimePolicy(SLICE, SLICE));
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

    @Test
    void onMachinesNobodyThoughtOf() {
        Scenario.forEach(30, scenario -> scenario.check(() -> new VruntimePolicy(SLICE, SLICE)));
    }
}
