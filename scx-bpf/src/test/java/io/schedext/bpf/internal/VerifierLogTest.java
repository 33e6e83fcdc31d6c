// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerifierLogTest {
    @Test
    void takesTheLastLineBeforeTheStatistics() {
        String log =
                """
                0: R1=ctx() R10=fp0
                0: (79) r0 = *(u64 *)(r1 +0)
                invalid bpf_context access off=0 size=8
                processed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0
                """;
        assertThat(VerifierLog.summary(log))
                .isEqualTo("invalid bpf_context access off=0 size=8 (3 lines omitted)");
    }

    @Test
    void addsTheLineBeforeAStateOfRegisters() {
        String log =
                """
                R0 invalid mem access 'scalar'
                12: R0=scalar() R1_w=ctx()
                processed 9 insns
                """;
        assertThat(VerifierLog.summary(log))
                .isEqualTo(
                        "R0 invalid mem access 'scalar': 12: R0=scalar() R1_w=ctx() (1 line omitted)");
    }

    @Test
    void aMessageAboutARegisterIsNoState() {
        String log = "1: (95) exit\nR0 !read_ok\nprocessed 2 insns";
        assertThat(VerifierLog.summary(log)).isEqualTo("R0 !read_ok (2 lines omitted)");
    }

    @Test
    void aLogOfOneLineHasNothingOmitted() {
        assertThat(VerifierLog.summary("unreachable insn 3\n")).isEqualTo("unreachable insn 3");
    }

    @Test
    void saysSoWhenThereIsNoReason() {
        assertThat(VerifierLog.summary("")).isEqualTo("the verifier gave no reason");
        assertThat(VerifierLog.summary("\n \nprocessed 0 insns\n"))
                .isEqualTo("the verifier gave no reason");
    }
}
