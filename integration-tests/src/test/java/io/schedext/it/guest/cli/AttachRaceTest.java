// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.schedext.core.BpfScheduler;
import io.schedext.core.ExitStatus;
import io.schedext.core.SchedulerException;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.SchedExt;
import org.junit.jupiter.api.Test;

/// Two schedulers that both found the machine free.
class AttachRaceTest {

    /// In partial mode, and nothing is of that class: so neither needs a loop.
    private static BpfScheduler load(String name) {
        return BpfScheduler.init(SchedulerOptions.builder().name(name).partial(true).build());
    }

    @Test
    void theSlowerOneIsToldAndMayNotStay() throws Exception {
        try (BpfScheduler fast = load("fast");
                BpfScheduler slow = load("slow")) {
            fast.attach();
            SchedulerException e = catchThrowableOfType(SchedulerException.class, slow::attach);
            assertThat(e.status()).isEqualTo(ExitStatus.OTHER_SCHEDULER);
            assertThat(e).hasMessage("Another scheduler was attached a moment ago: stop it first.");
            assertThat(SchedExt.name()).startsWith("fast");
            assertThat(slow.exited()).isFalse();
        }
        assertThat(SchedExt.state()).isEqualTo("disabled");
    }
}
