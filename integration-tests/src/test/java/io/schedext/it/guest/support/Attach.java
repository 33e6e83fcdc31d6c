// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import io.schedext.core.SchedulerOptions;

/// How tests attach, unless they say otherwise: each wake-up is decided by the policy.
public final class Attach {

    private Attach() {}

    /// For all tasks of the guest.
    public static SchedulerOptions.Builder whole() {
        return SchedulerOptions.builder().name("java_test").builtinIdle(false);
    }

    /// For tasks of the class SCHED_EXT.
    public static SchedulerOptions.Builder partial() {
        return whole().partial(true);
    }
}
