// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import java.time.Duration;

/// A task of a simulated machine: what it is, and what was measured of it since it started.
public interface SimulatedTask {

    /// Its thread id, by which a policy knows it.
    ///
    /// @return above 0
    int pid();

    /// Its name.
    ///
    /// @return as it was spawned
    String name();

    /// What it is due.
    ///
    /// @return 100 for nice 0, more is more
    int weight();

    /// Whether it has ended.
    ///
    /// @return true after its last step
    boolean exited();

    /// Changes its nice value, at once.
    ///
    /// @param nice -20 to 19
    /// @return this
    SimulatedTask nice(int nice);

    /// Changes which CPUs it may use, at once.
    ///
    /// @param cpus at least one that exists
    /// @return this
    SimulatedTask cpus(int... cpus);

    /// The machine's clock.
    ///
    /// @return nanoseconds
    long nanoTime();

    /// Its CPU time.
    ///
    /// @return all of it
    Duration runTime();

    /// Its share of one CPU since it started.
    ///
    /// @return 0 to 1
    double cpuShare();

    /// How often it got a CPU.
    ///
    /// @return 0 or more
    long runs();

    /// How often it was taken to another CPU.
    ///
    /// @return 0 or more
    long migrations();

    /// How often it woke up.
    ///
    /// @return 0 or more
    long wakeUps();

    /// How long it was runnable and did not run.
    ///
    /// @return in all, the present wait included
    Duration waited();

    /// Its longest wait.
    ///
    /// @return the present one included
    Duration longestWait();

    /// When its longest wait began.
    ///
    /// @return since the simulation's start
    Duration longestWaitBegan();

    /// How much of its longest wait it was in custody of the policy, which had not decided.
    ///
    /// @return not more than [#longestWait()]
    Duration longestWaitForADecision();

    /// How long it waits for a CPU after a wake-up.
    ///
    /// @param percentile 0 to 100
    /// @return that many of a hundred waits were no longer, within 1 %
    Duration wakeUpLatency(double percentile);
}
