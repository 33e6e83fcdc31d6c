// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import static io.schedext.testkit.SimulationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedext.core.Policy;
import io.schedext.core.SchedulerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Right policies pass, and each wrong one is caught by the assertion that is there for it.
class SimulationAssertTest {

    private static final long MILLI = 1_000_000;

    private static Duration ms(long ms) {
        return Duration.ofMillis(ms);
    }

    private static Simulation simulation(Policy policy) {
        var options = SchedulerOptions.builder().name("test").builtinIdle(false).build();
        return Simulation.of(Machine.of(4), policy, options, 1);
    }

    private static List<SimulatedTask> hogsOfDifferentWeight(Simulation simulation) {
        List<SimulatedTask> hogs = new ArrayList<>(simulation.spawn(8, "hog", Behaviour.hog()));
        hogs.add(simulation.spawn("nice", Behaviour.hog()).nice(3));
        hogs.add(simulation.spawn("mean", Behaviour.hog()).nice(-3));
        return hogs;
    }

    @Test
    void aFairPolicyPasses() {
        var simulation = simulation(Policies.fair(4 * MILLI));
        List<SimulatedTask> hogs = hogsOfDifferentWeight(simulation);
        simulation.run(ms(10_000));
        assertThat(simulation)
                .sharedByWeight(hogs, 0.05)
                .letNobodyWaitLongerThan(ms(200))
                .keptCpusBusy(0.01)
                .decidedEverythingInTime()
                .wasNotEvicted()
                .lostNoTask();
    }

    @Test
    void aPolicyThatIgnoresWeightsIsCaught() {
        var simulation = simulation(Policies.unweighted(4 * MILLI));
        List<SimulatedTask> hogs = hogsOfDifferentWeight(simulation);
        simulation.run(ms(10_000));
        assertThatThrownBy(() -> assertThat(simulation).sharedByWeight(hogs, 0.05))
                .hasMessageContaining("of weight 51 among 10 tasks")
                .hasMessageContaining("were due");
    }

    @Test
    void aPolicyThatStarvesIsCaught() {
        var simulation = simulation(Policies.lifo());
        simulation.spawn(12, "hog", Behaviour.hog());
        simulation.run(ms(10_000));
        assertThatThrownBy(() -> assertThat(simulation).letNobodyWaitLongerThan(ms(500)))
                .hasMessageContaining("for a CPU");
        assertThatThrownBy(() -> assertThat(simulation).decidedEverythingInTime())
                .hasMessageContaining("after it");
    }

    @Test
    void aPolicyThatForgetsIsCaught() {
        var simulation = simulation(Policies.forgetful());
        simulation.spawn(6, "task", Behaviour.sleeper(ms(1), ms(2)));
        simulation.run(ms(10_000));
        assertThatThrownBy(() -> assertThat(simulation).decidedEverythingInTime())
                .hasMessageContaining("overdue before a decision")
                .hasMessageContaining("for the policy's decision");
        assertThatThrownBy(() -> assertThat(simulation).letNobodyWaitLongerThan(ms(500)))
                .hasMessageContaining("seed 1");
    }

    @Test
    void aPolicyThatLeavesCpusIdleIsCaught() {
        // all tasks on one CPU, though there are four
        var simulation = simulation(Policies.each((_, d) -> d.cpu(0)));
        simulation.spawn(4, "hog", Behaviour.hog());
        simulation.run(ms(1_000));
        assertThatThrownBy(() -> assertThat(simulation).keptCpusBusy(0.05))
                .hasMessageContaining("CPUs were idle");
    }
}
