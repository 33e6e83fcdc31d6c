// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

/// The kernel's weights (`sched_prio_to_weight`), as sched_ext scales them: 100 for nice 0.
final class Weights {

    private static final int[] OF_PRIORITY = {
        88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100,
        4904, 3906, 3121, 2501, 1991, 1586, 1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
        110, 87, 70, 56, 45, 36, 29, 23, 18, 15
    };

    private Weights() {}

    /// @param nice -20 to 19
    static int of(int nice) {
        if (nice < -20 || nice > 19) {
            throw new IllegalArgumentException("a nice value is -20 to 19, not " + nice);
        }
        // sched_weight_to_cgroup(): rounded, and 1 to 10,000
        int scaled = (OF_PRIORITY[nice + 20] * 100 + 512) / 1024;
        return Math.clamp(scaled, 1, 10_000);
    }
}
