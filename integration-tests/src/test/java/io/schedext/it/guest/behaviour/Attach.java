// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import io.schedext.core.SchedulerOptions;

/// How the tests of this package attach.
final class Attach {

    private Attach() {}

    /// For tasks of the class SCHED_EXT, each wake-up decided by the policy.
    static SchedulerOptions.Builder partial() {
        return SchedulerOptions.builder().name("java_test").partial(true).builtinIdle(false);
    }
}
