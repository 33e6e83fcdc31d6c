// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import java.util.Arrays;

/// The machine that is simulated: its CPUs, what they share, how fast they are, and what things
/// cost on it. Immutable.
///
/// CPUs are numbered so that those of a core are neighbours, then those of a cache domain, then
/// those of a NUMA node.
///
/// @param cpus how many, 1 or more
/// @param threadsPerCore SMT siblings of each core, 1 or more
/// @param cpusPerCache how many CPUs share a last-level cache, 1 or more
/// @param cpusPerNode how many CPUs are of a NUMA node, 1 or more
/// @param speeds of each CPU, above 0: how much of a task's work it does in the time it takes
/// @param costs what things cost
public record Machine(
        int cpus,
        int threadsPerCore,
        int cpusPerCache,
        int cpusPerNode,
        double[] speeds,
        Costs costs) {

    /// What things cost, in nanoseconds of the CPU that does them.
    ///
    /// @param switchNs to switch from one task to another
    /// @param wakeNs from a wake-up, or a kick, to the other CPU's noticing it
    /// @param cycleNs the loop, for each cycle
    /// @param dequeueNs the loop, for each task it takes
    /// @param dispatchNs the loop, for each decision
    /// @param selectCpuNs the loop, for each idle CPU it asks for
    /// @param insertNs from a record's being there for the loop to its task's being in its park; a
    ///   decision that comes sooner has to be carried out twice
    /// @param tickNs between two ticks, at which slices end
    public record Costs(
            long switchNs,
            long wakeNs,
            long cycleNs,
            long dequeueNs,
            long dispatchNs,
            long selectCpuNs,
            long insertNs,
            long tickNs) {

        /// What they are on an ordinary machine of today, roughly, with `HZ=250`.
        public static final Costs USUAL =
                new Costs(1_500, 2_000, 800, 150, 250, 600, 500, 4_000_000);

        /// Nothing costs anything but the wait for the tick: what happens follows from the policy
        /// alone. The loop still takes a nanosecond for what it does, or time would stand still.
        public static final Costs NONE = new Costs(0, 0, 1, 1, 1, 1, 0, 4_000_000);

        /// Checks them.
        ///
        /// @throws IllegalArgumentException when something costs less than it can
        public Costs {
            if (switchNs < 0 || wakeNs < 0 || insertNs < 0) {
                throw new IllegalArgumentException("nothing costs less than 0 ns");
            }
            if (cycleNs <= 0 || dequeueNs <= 0 || dispatchNs <= 0 || selectCpuNs <= 0) {
                throw new IllegalArgumentException("whatever the loop does takes a nanosecond");
            }
            if (tickNs <= 0) {
                throw new IllegalArgumentException("ticks come after more than 0 ns");
            }
        }
    }

    /// Checks it.
    ///
    /// @throws IllegalArgumentException when there is no such machine
    public Machine {
        speeds = speeds.clone();
        if (cpus < 1 || threadsPerCore < 1 || cpusPerCache < 1 || cpusPerNode < 1) {
            throw new IllegalArgumentException("a machine has one CPU of each kind at least");
        }
        if (speeds.length != cpus || Arrays.stream(speeds).anyMatch(speed -> !(speed > 0))) {
            throw new IllegalArgumentException("each CPU has a speed above 0");
        }
    }

    /// A machine of equal CPUs that share all but their cores, with the usual costs.
    ///
    /// @param cpus how many, 1 or more
    /// @return a machine
    public static Machine of(int cpus) {
        double[] speeds = new double[Math.max(1, cpus)];
        Arrays.fill(speeds, 1);
        int all = Math.max(1, cpus);
        return new Machine(cpus, 1, all, all, speeds, Costs.USUAL);
    }

    /// The same, with cores of several SMT siblings.
    ///
    /// @param siblings 1 or more
    /// @return a machine
    public Machine threadsPerCore(int siblings) {
        return new Machine(cpus, siblings, cpusPerCache, cpusPerNode, speeds, costs);
    }

    /// The same, with several last-level caches.
    ///
    /// @param sharing how many CPUs share one
    /// @return a machine
    public Machine cpusPerCache(int sharing) {
        return new Machine(cpus, threadsPerCore, sharing, cpusPerNode, speeds, costs);
    }

    /// The same, with several NUMA nodes.
    ///
    /// @param near how many CPUs are of one
    /// @return a machine
    public Machine cpusPerNode(int near) {
        return new Machine(cpus, threadsPerCore, cpusPerCache, near, speeds, costs);
    }

    /// The same, with one CPU faster or slower.
    ///
    /// @param cpu which
    /// @param speed above 0
    /// @return a machine
    public Machine speed(int cpu, double speed) {
        double[] changed = speeds.clone();
        changed[cpu] = speed;
        return new Machine(cpus, threadsPerCore, cpusPerCache, cpusPerNode, changed, costs);
    }

    /// The same, where things cost something else.
    ///
    /// @param other what they cost
    /// @return a machine
    public Machine costs(Costs other) {
        return new Machine(cpus, threadsPerCore, cpusPerCache, cpusPerNode, speeds, other);
    }

    /// How fast each CPU is.
    ///
    /// @return a copy
    @Override
    public double[] speeds() {
        return speeds.clone();
    }
}
