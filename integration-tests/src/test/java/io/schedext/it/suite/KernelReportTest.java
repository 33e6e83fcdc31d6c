// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelReportTest {
    @TempDir Path folder;

    private final KernelReport report = new KernelReport();

    @Test
    void isWrittenForMachines() throws IOException {
        report.machine(new MachineFacts("6.18.15+deb13-amd64", 4, 2, "tcg", 5.25));
        report.add(
                new TestReport(
                        "A.a",
                        Outcome.PASSED,
                        1_500,
                        Map.of("moves", "100000", "share", "0.5", "name", "x"),
                        "",
                        "output"));
        report.add(new TestReport("A.b", Outcome.FAILED, 20, Map.of(), "why", ""));
        report.notRun(List.of("A.c"));
        Path file = folder.resolve("target/kernel-report.json");
        report.write(file);

        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.at("/machine/kernel").textValue()).isEqualTo("6.18.15+deb13-amd64");
        assertThat(json.at("/machine/bootSeconds").doubleValue()).isEqualTo(5.25);
        assertThat(json.at("/passed").intValue()).isEqualTo(1);
        assertThat(json.at("/failed").intValue()).isEqualTo(1);
        assertThat(json.at("/tests/0/figures/moves").isIntegralNumber()).isTrue();
        assertThat(json.at("/tests/0/figures/share").doubleValue()).isEqualTo(0.5);
        assertThat(json.at("/tests/0/figures/name").textValue()).isEqualTo("x");
        assertThat(json.at("/tests/0/seconds").doubleValue()).isEqualTo(1.5);
        assertThat(json.at("/tests/1/outcome").textValue()).isEqualTo("failed");
        assertThat(json.at("/tests/1/message").textValue()).isEqualTo("why");
        assertThat(json.at("/notRun/0").textValue()).isEqualTo("A.c");
    }

    @Test
    void theTableHasTheSlowestFirstAndForgetsNone() {
        report.add(new TestReport("A.fast", Outcome.PASSED, 10, Map.of(), "", ""));
        report.add(new TestReport("A.slow", Outcome.PASSED, 2_000, Map.of("n", "1"), "", ""));
        report.notRun(List.of("A.lost"));
        assertThat(report.table().lines())
                .containsExactly(
                        "    2.00 s  passed  A.slow  {n=1}",
                        "    0.01 s  passed  A.fast",
                        "       - s  not run A.lost",
                        "    2.01 s  2 tests, 2 passed, 1 failed");
    }
}
