// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import io.schedext.core.SchedulerOptions;
import java.time.Duration;

/// How tests attach, unless they say otherwise: each wake-up is decided by the policy.
public final class Attach {

    private Attach() {}

    /// For all tasks of the guest. The kernel side is patient with a loop that is slow: these tests
    /// are about what the policy decides.
    public static SchedulerOptions.Builder whole() {
        return SchedulerOptions.builder()
                .name("java_test")
                .builtinIdle(false)
                .silentAfter(Duration.ofSeconds(1));
    }

    /// For tasks of the class SCHED_EXT.
    public static SchedulerOptions.Builder partial() {
        return whole().partial(true);
    }
}
