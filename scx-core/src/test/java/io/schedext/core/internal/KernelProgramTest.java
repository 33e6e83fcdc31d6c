// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.Btf;
import io.schedext.core.SchedulerOptions;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelProgramTest {

    private final byte[] elf = KernelProgram.bytes();
    private final Btf btf = Btf.ofElf(elf);

    @ParameterizedTest
    @ValueSource(strings = {KernelProgram.IDENTIFY_LOOP, KernelProgram.FIND_IDLE_CPU})
    void theProgramsThatJavaRunsExist(String program) {
        assertThat(btf.hasFunction(program)).isTrue();
    }

    /// A map is a variable in the section `.maps`, or a data section of its own. Variables are not
    /// what Btf is for, but their names stand in the object's string tables.
    @ParameterizedTest
    @ValueSource(
            strings = {
                KernelProgram.QUEUED,
                KernelProgram.DISPATCHED,
                KernelProgram.CPUS,
                KernelProgram.TASKS,
                KernelProgram.SCHEDULER,
                KernelProgram.STATE,
                KernelProgram.EXIT,
                KernelProgram.DUMP,
                ".rodata.config"
            })
    void theMapsThatJavaUsesExist(String map) {
        String text = new String(elf, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("\0" + map + "\0");
    }

    /// `scx_bpf_now()` stands still on some CPUs for as long as nothing happens there (see `now()`
    /// in state.h). A kernel test meets that by luck only: in every third run somebody waited too
    /// long.
    @Test
    void doesNotAskForTheRunQueuesClock() {
        assertThat(btf.hasFunction("scx_bpf_kick_cpu")).as("kfuncs are seen").isTrue();
        assertThat(btf.hasFunction("scx_bpf_now")).isFalse();
    }

    /// libbpf gives the kernel what it finds here by name, so a misspelt member would be refused
    /// only in a kernel.
    @ParameterizedTest
    @ValueSource(strings = {"flags", "timeout_ms", "exit_dump_len", "hotplug_seq", "name"})
    void theMembersThatJavaFillsInExist(String member) {
        assertThat(btf.hasField("sched_ext_ops", member)).isTrue();
    }

    @Test
    void theLongestNameFitsTheStruct() {
        assertThat(CStruct.of("sched_ext_ops").member("name").size()).isEqualTo(127 + 1);
    }

    @Test
    void noDumpLengthMeansTheKernelsDefault() {
        assertThat(KernelProgram.dumpBytes(SchedulerOptions.builder().build())).isEqualTo(32768);
        assertThat(KernelProgram.dumpBytes(SchedulerOptions.builder().exitDumpBytes(1).build()))
                .isEqualTo(1);
    }
}
