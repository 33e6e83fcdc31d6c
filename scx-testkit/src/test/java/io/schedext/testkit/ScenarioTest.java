// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedext.core.Policy;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Whatever a policy does, the kernel side loses no task and starves none; random machines and
/// loads look for where that is wrong.
class ScenarioTest {

    private static final int COUNT = 40;

    @Test
    void firstInFirstOut() {
        Scenario.forEach(COUNT, scenario -> scenario.check(Policies::fifo));
    }

    @Test
    void byVtime() {
        Scenario.forEach(COUNT, scenario -> scenario.check(() -> Policies.fair(4_000_000)));
    }

    @Test
    void lastInFirstOut() {
        Scenario.forEach(COUNT, scenario -> scenario.check(Policies::lifo));
    }

    @Test
    void forgetful() {
        Scenario.forEach(COUNT, scenario -> scenario.check(Policies::forgetful));
    }

    /// Decides anything for anybody, too late, twice and for tasks that never were.
    @Test
    void nonsense() {
        Scenario.forEach(
                COUNT,
                scenario ->
                        scenario.check(() -> {
                            AtomicLong noise = new AtomicLong(scenario.seed());
                            return Policies.each((task, d) -> {
                                long n = noise.addAndGet(0x9E3779B97F4A7C15L);
                                d.cpu((int) (n >>> 60) - 2).vtime(n).sliceNs(n);
                                d.flags(n);
                                if (n % 7 == 0) {
                                    d.generation(n);
                                }
                            });
                        }));
    }

    @Test
    void aPolicyThatDependsOnSomethingElseIsCaught() {
        AtomicLong calls = new AtomicLong();
        Policy other =
                Policies.each(
                        (_, d) -> d.sliceNs(calls.incrementAndGet() * 7_919_000 % 40_000_000));
        Scenario scenario = new Scenario(3);
        assertThatThrownBy(() -> scenario.check(() -> other))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("scenario 3 ran differently the second time");
    }

    @Test
    void theSeedIsTold() {
        assertThatThrownBy(() ->
                        Scenario.forEach(
                                3,
                                scenario -> {
                                    if (scenario.seed() == 2) {
                                        throw new IllegalStateException("on purpose");
                                    }
                                }))
                .satisfies(e ->
                        assertThat(e.getSuppressed()[0])
                                .hasMessageContaining("-Dscx.testkit.seed=2"));
    }
}
