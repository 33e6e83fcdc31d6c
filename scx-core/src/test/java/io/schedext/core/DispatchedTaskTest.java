// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import org.junit.jupiter.api.Test;

class DispatchedTaskTest {

    private static QueuedTask task() {
        FakeKernel kernel = new FakeKernel();
        kernel.queue(new TaskRecord(77).cpu(1).vtime(5).weight(300).flags(9).generation(12));
        return kernel.dequeueTask();
    }

    @Test
    void beginsEmpty() {
        assertThat(new DispatchedTask())
                .hasToString("DispatchedTask[pid=0, cpu=0, sliceNs=0, vtime=0, generation=0]");
    }

    @Test
    void ofATaskIsForThatQueueingOnItsCpuWithTheDefaultSlice() {
        DispatchedTask decision = new DispatchedTask(task());
        assertThat(decision.pid()).isEqualTo(77);
        assertThat(decision.cpu()).isEqualTo(1);
        assertThat(decision.generation()).isEqualTo(12);
        assertThat(decision.sliceNs()).isZero();
        assertThat(decision.vtime()).isZero();
        assertThat(decision.flags()).isZero();
    }

    @Test
    void startsOverForAnotherTask() {
        DispatchedTask decision =
                new DispatchedTask()
                        .pid(1)
                        .cpu(DispatchedTask.ANY_CPU)
                        .flags(DispatchedTask.PREEMPT)
                        .sliceNs(4)
                        .vtime(5)
                        .generation(6);
        assertThat(decision.of(task())).isSameAs(decision);
        assertThat(decision).usingRecursiveComparison().isEqualTo(new DispatchedTask(task()));
    }

    @Test
    void keepsWhatIsSet() {
        DispatchedTask decision =
                new DispatchedTask()
                        .pid(-1)
                        .cpu(3)
                        .flags(-2)
                        .sliceNs(Long.MAX_VALUE)
                        .vtime(-7)
                        .generation(Long.MIN_VALUE);
        assertThat(decision.pid()).isEqualTo(-1);
        assertThat(decision.cpu()).isEqualTo(3);
        assertThat(decision.flags()).isEqualTo(-2);
        assertThat(decision.sliceNs()).isEqualTo(Long.MAX_VALUE);
        assertThat(decision.vtime()).isEqualTo(-7);
        assertThat(decision.generation()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void tellsPeopleThatAnyCpuWillDo() {
        assertThat(new DispatchedTask().cpu(DispatchedTask.ANY_CPU)).asString().contains("cpu=any");
    }
}
