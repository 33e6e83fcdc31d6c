// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VerifierStatisticsTest {

    @Test
    void areReadFromTheLogsEnd() {
        assertThat(
                        VerifierStatistics.of(
                                "enqueue",
                                """
                                verification time 4711 usec
                                stack depth 96+0+32
                                processed 2345 insns (limit 1000000) max_states_per_insn 7 \
                                total_states 210 peak_states 198 mark_read 12
                                """))
                .isEqualTo(new VerifierStatistics(2345, 210));
    }

    @Test
    void aLogWithoutThemIsToldWithTheProgramsName() {
        assertThatThrownBy(() -> VerifierStatistics.of("enqueue", ""))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("statistics of program enqueue");
    }
}
