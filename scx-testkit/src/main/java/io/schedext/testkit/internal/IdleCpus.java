// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import java.util.BitSet;
import java.util.function.IntPredicate;

/// Which CPUs are idle and not yet claimed, and sched_ext's own way to choose one.
final class IdleCpus {

    private final CpuState[] cpus;
    private final BitSet idle = new BitSet();
    private final boolean siblings;

    IdleCpus(CpuState[] cpus) {
        this.cpus = cpus;
        siblings = cpus[cpus.length - 1].core != cpus.length - 1;
        idle.set(0, cpus.length);
    }

    void set(int cpu) {
        idle.set(cpu);
    }

    void clear(int cpu) {
        idle.clear(cpu);
    }

    /// Whether a core has more than one CPU.
    boolean haveSiblings() {
        return siblings;
    }

    boolean any() {
        return !idle.isEmpty();
    }

    /// Claims any.
    ///
    /// @return claimed, or -1
    int pickAny() {
        return claimed(idle.nextSetBit(0));
    }

    /// Claims a CPU.
    ///
    /// @return whether it was idle
    boolean testAndClear(int cpu) {
        boolean was = idle.get(cpu);
        idle.clear(cpu);
        return was;
    }

    /// As scx_bpf_pick_idle_cpu() or, for the CPUs of a node, scx_bpf_pick_idle_cpu_node().
    ///
    /// @param node a NUMA node, or -1 for any
    /// @return claimed, or -1
    int pick(BitSet allowed, int node) {
        IntPredicate there = node < 0 ? _ -> true : cpu -> cpus[cpu].node == node;
        int cpu = siblings ? find(allowed, there, true) : -1;
        return claimed(cpu >= 0 ? cpu : find(allowed, there, false));
    }

    /// As scx_bpf_select_cpu_and() without flags: near the previous one, whole cores first.
    ///
    /// @param waker the CPU of who wakes it, or -1
    /// @param sync whether that one is about to sleep
    /// @return claimed, or -1
    int select(BitSet allowed, int prev, int waker, boolean sync) {
        if (sync && waker >= 0) {
            if (cpus[waker].cache == cpus[prev].cache && allowed.get(prev) && testAndClear(prev)) {
                return prev;
            }
            if (allowed.get(waker) && cpus[waker].local.isEmpty() && any()) {
                return waker;
            }
        }
        int cpu = siblings ? near(allowed, prev, true) : -1;
        return claimed(cpu >= 0 ? cpu : near(allowed, prev, false));
    }

    private int near(BitSet allowed, int prev, boolean wholeCore) {
        if (allowed.get(prev) && idle.get(prev) && (!wholeCore || coreIsIdle(prev))) {
            return prev;
        }
        int cpu = find(allowed, c -> cpus[c].cache == cpus[prev].cache, wholeCore);
        if (cpu < 0) {
            cpu = find(allowed, c -> cpus[c].node == cpus[prev].node, wholeCore);
        }
        return cpu >= 0 ? cpu : find(allowed, _ -> true, wholeCore);
    }

    private int find(BitSet allowed, IntPredicate there, boolean wholeCore) {
        for (int cpu = idle.nextSetBit(0); cpu >= 0; cpu = idle.nextSetBit(cpu + 1)) {
            if (allowed.get(cpu) && there.test(cpu) && (!wholeCore || coreIsIdle(cpu))) {
                return cpu;
            }
        }
        return -1;
    }

    private boolean coreIsIdle(int cpu) {
        int core = cpus[cpu].core;
        for (int i = cpu; i >= 0 && cpus[i].core == core; i--) {
            if (!idle.get(i)) {
                return false;
            }
        }
        for (int i = cpu + 1; i < cpus.length && cpus[i].core == core; i++) {
            if (!idle.get(i)) {
                return false;
            }
        }
        return true;
    }

    private int claimed(int cpu) {
        if (cpu >= 0) {
            idle.clear(cpu);
        }
        return cpu;
    }
}
