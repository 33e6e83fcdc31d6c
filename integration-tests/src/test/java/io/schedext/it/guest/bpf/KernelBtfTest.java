// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.Btf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// The type information of the kernel that runs.
class KernelBtfTest {
    @Test
    void tellsWhatTheKernelHas(TestReporter reporter) {
        long start = System.nanoTime();
        Btf kernel = Btf.ofKernel();
        reporter.publishEntry(
                "milliseconds to read", Long.toString((System.nanoTime() - start) / 1_000_000));
        assertThat(kernel.hasType("task_struct")).isTrue();
        assertThat(kernel.hasType("sched_ext_ops")).isTrue();
        assertThat(kernel.hasType("no_such_struct")).isFalse();
        assertThat(kernel.hasField("task_struct", "scx")).isTrue();
        assertThat(kernel.hasField("task_struct", "no_such_field")).isFalse();
        assertThat(kernel.hasField("sched_ext_ops", "enqueue")).isTrue();
        assertThat(kernel.hasFunction("bpf_iter_task_new")).isTrue();
        assertThat(kernel.hasFunction("no_such_function")).isFalse();
        assertThat(kernel.enumValue("bpf_map_type", "BPF_MAP_TYPE_USER_RINGBUF")).hasValue(31);
        assertThat(kernel.enumValue("scx_dsq_id_flags", "SCX_DSQ_LOCAL_ON"))
                .hasValue(0xc000_0000_0000_0000L);
    }

    @Test
    void layoutsAreThoseOfTheKernel() {
        Btf kernel = Btf.ofKernel();
        Btf.Struct ringHeader = kernel.struct("list_head").orElseThrow();
        assertThat(ringHeader.size()).isEqualTo(16);
        assertThat(ringHeader.member("prev").orElseThrow().offset()).isEqualTo(8);
        Btf.Struct task = kernel.struct("task_struct").orElseThrow();
        Btf.Member comm = task.member("comm").orElseThrow();
        assertThat(comm.size()).isEqualTo(16);
        assertThat(comm.offset() + comm.size()).isLessThanOrEqualTo(task.size());
        assertThat(task.member("sched_reset_on_fork").orElseThrow().isBitField()).isTrue();
    }
}
