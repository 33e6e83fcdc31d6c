// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/// Asks selectCpu, by the loop of a policy that stays awake.
final class IdleCpus {

    /// Longer than a claim lasts: the kernel side looks every 25 ms for claims that are as old.
    private static final long CLAIM_MILLIS = 80;

    private IdleCpus() {}

    /// One call; negative when none is found.
    static int select(Scripted policy, int pid, int prevCpu) throws Exception {
        return policy.call(kernel -> kernel.selectCpu(pid, prevCpu, 0));
    }

    /// Calls until none is found.
    static List<Integer> all(Scripted policy, int pid, int prevCpu) {
        try {
            Thread.sleep(CLAIM_MILLIS);
            List<Integer> found = new ArrayList<>();
            int cpu;
            while ((cpu = select(policy, pid, prevCpu)) >= 0) {
                found.add(cpu);
                assertThat(found).as("CPUs found without a pause").hasSizeLessThan(50);
            }
            return found;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
