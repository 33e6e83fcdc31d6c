// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// The command line; no scheduler is attached here. What needs a kernel is in integration-tests.
class MainTest {

    private static final int USAGE = 2;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine command = Main.command();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(args);
    }

    @Test
    void helpNamesEveryOption() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .startsWith("Usage: vruntime ")
                .contains("--slice-us=MICROSECONDS", "--stats=SECONDS", "--partial")
                .contains("--libbpf=PATH", "--verbose", "--version", "--help", "(default: 5000)");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void versionIsTheModules() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString())
                .isEqualTo(
                        "vruntime "
                                + Main.class.getModule().getDescriptor().rawVersion().orElseThrow()
                                + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--slice-us 0       | the default slice is 1 ns to a quarter of the watchdog's timeout, not 0 ns",
                "--slice-us -5      | the default slice is 1 ns to a quarter of the watchdog's timeout, not -5000 ns",
                "--slice-us 1250001 | the default slice is 1 ns to a quarter of the watchdog's timeout, not 1250001000 ns",
                "--slice-us abc     | Invalid value for option '--slice-us': 'abc' is not a long",
                "--slice-us         | Missing required parameter for option '--slice-us' (MICROSECONDS)",
                "--stats 0          | statistics come at intervals above 0, not 0 ms",
                "--stats -1         | statistics come at intervals above 0, not -1000 ms",
                "--stats NaN        | statistics come at intervals above 0, not 0 ms",
                "--stats often      | Invalid value for option '--stats': 'often' is not a double",
                "--nonsense         | Unknown option: '--nonsense'",
                "fifo               | Unmatched argument at index 0: 'fifo'"
            })
    void aCommandLineWithoutSenseIsRefusedInOneSentence(String args, String reason) {
        assertThat(run(args.split(" "))).isEqualTo(USAGE);
        assertThat(err.toString())
                .isEqualTo(
                        "vruntime: " + reason + " (see vruntime --help)" + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--slice-us=99999999999999999999", "--slice-us=9223372036854775807"})
    void aSliceBeyondAllNumbersIsRefused(String arg) {
        assertThat(run(arg)).isEqualTo(USAGE);
        assertThat(err.toString()).hasLineCount(1);
    }
}
