// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.Btf;
import org.junit.jupiter.api.Test;

/// What the compiled program is made of.
class KernelProgramTest {

    /// That one stands still on some CPUs for as long as nothing happens there (see `now()` in
    /// state.h). A kernel test meets it by luck only: every third run waited too long for the
    /// timer.
    @Test
    void doesNotAskForTheRunQueuesClock() {
        Btf program = Btf.ofElf(KernelProgram.bytes());
        assertThat(program.hasFunction("scx_bpf_kick_cpu")).as("kfuncs are seen").isTrue();
        assertThat(program.hasFunction("scx_bpf_now")).isFalse();
    }
}
