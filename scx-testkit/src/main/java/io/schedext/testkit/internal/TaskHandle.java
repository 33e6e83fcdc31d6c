// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.testkit.SimulatedTask;
import java.time.Duration;
import java.util.BitSet;

/// What a test holds of a task.
final class TaskHandle implements SimulatedTask {

    final TaskState state;
    private final Kernel kernel;
    private final long start;
    private final long epoch;

    /// @param epoch when the simulation began
    TaskHandle(TaskState state, Kernel kernel, long epoch) {
        this.state = state;
        this.kernel = kernel;
        this.epoch = epoch;
        start = kernel.now();
    }

    @Override
    public int pid() {
        return state.pid;
    }

    @Override
    public String name() {
        return state.name;
    }

    @Override
    public int weight() {
        return state.weight;
    }

    @Override
    public boolean exited() {
        return state.life == TaskState.Life.EXITED;
    }

    @Override
    public SimulatedTask nice(int nice) {
        kernel.nice(state, nice);
        return this;
    }

    @Override
    public SimulatedTask cpus(int... cpus) {
        BitSet allowed = new BitSet();
        for (int cpu : cpus) {
            if (cpu < 0 || cpu >= kernel.cpus.length) {
                throw new IllegalArgumentException("there is no CPU " + cpu);
            }
            allowed.set(cpu);
        }
        if (allowed.isEmpty()) {
            throw new IllegalArgumentException("a task may use one CPU at least");
        }
        kernel.affinity(state, allowed);
        return this;
    }

    @Override
    public long nanoTime() {
        return kernel.now();
    }

    @Override
    public Duration runTime() {
        if (state.life == TaskState.Life.RUNNING) {
            kernel.account(kernel.cpus[state.cpu]);
        }
        return Duration.ofNanos(state.measured.runNs);
    }

    @Override
    public double cpuShare() {
        long elapsed = kernel.now() - start;
        return elapsed == 0 ? 0 : (double) runTime().toNanos() / elapsed;
    }

    @Override
    public long runs() {
        return state.measured.runs;
    }

    @Override
    public long migrations() {
        return state.measured.migrations;
    }

    @Override
    public long wakeUps() {
        return state.measured.wakeUps;
    }

    @Override
    public Duration waited() {
        return Duration.ofNanos(
                state.measured.waitedNs + state.measured.presentWaitNs(kernel.now()));
    }

    @Override
    public Duration longestWait() {
        return Duration.ofNanos(state.measured.longestWaitNs(kernel.now()));
    }

    @Override
    public Duration longestWaitBegan() {
        long began = state.measured.longestWaitBegan(kernel.now());
        return Duration.ofNanos(Math.max(0, began - epoch));
    }

    @Override
    public Duration longestWaitForADecision() {
        boolean parked = state.custody == TaskState.Custody.PARKED;
        long present = parked ? kernel.now() - state.parkedAt : 0;
        return Duration.ofNanos(state.measured.longestWaitInCustodyNs(kernel.now(), present));
    }

    @Override
    public Duration wakeUpLatency(double percentile) {
        return Duration.ofNanos(state.measured.wakeUpLatencies.atPercentile(percentile));
    }

    @Override
    public String toString() {
        return state.toString();
    }
}
