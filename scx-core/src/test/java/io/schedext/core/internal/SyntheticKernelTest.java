// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.QueuedTask;
import io.schedext.core.RunLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyntheticKernelTest {

    private final SyntheticKernel kernel = new SyntheticKernel();
    private final DispatchedTask decision = new DispatchedTask();
    private final List<String> seen = new ArrayList<>();

    private long decideAll(KernelSide side) {
        QueuedTask task;
        while ((task = side.dequeueTask()) != null) {
            seen.add(task.pid() + " " + task.weight() + " " + task.execRuntime());
            assertThat(side.dispatchTask(decision.of(task))).isTrue();
        }
        return 0;
    }

    @Test
    void madeUpTasksComeInOrderAndDecisionsGo() {
        kernel.queue(3);
        assertThat(kernel.counters().queued()).isEqualTo(3);
        assertThat(new RunLoop(kernel, this::decideAll).cycle()).isTrue();
        assertThat(seen).containsExactly("1 100 1000000", "2 100 1000000", "3 100 1000000");
        assertThat(kernel.drain()).isEqualTo(3);
        assertThat(kernel.drain()).isZero();
    }

    @Test
    void queuesWhatThereIsRoomFor() {
        kernel.queue(1_000_000);
        assertThat(kernel.counters().queued()).isBetween(2_000L, 3_000L);
    }

    @Test
    void endsAfterSoManyCyclesWithATaskInEach() {
        kernel.endAfter(1_000);
        new RunLoop(kernel, this::decideAll).run();
        assertThat(seen).hasSize(999);
        assertThat(kernel.exited()).isTrue();
    }
}
