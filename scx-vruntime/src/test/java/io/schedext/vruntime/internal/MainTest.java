// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// What the command can be asked; what it does then is tested in scx-cli and, with a kernel, in
/// integration-tests.
class MainTest {

    @Test
    void helpNamesItsOwnOptionsAndThoseOfAllSchedulers() {
        assertThat(new CommandLine(new Main()).getUsageMessage())
                .startsWith("Usage: vruntime ")
                .contains("--slice-us=MICROSECONDS", "(default: 20000)")
                .contains("--slice-us-min=MICROSECONDS", "1000).", "--percpu-local")
                .contains("--numa-local", "builtin-idle", "--exit-dump-len=BYTES")
                .contains("--timeout-ms=MILLISECONDS")
                .contains("--stats=SECONDS", "--partial", "--libbpf=PATH", "--verbose")
                .contains("--version", "--help");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--slice-us 500 | --slice-us-min, 1000, is above --slice-us, 500",
                "--slice-us 0 | --slice-us is above 0, not 0",
                "--slice-us-min 0 | --slice-us-min is above 0, not 0",
                "--slice-us-min -5 | --slice-us-min is above 0, not -5",
                "--slice-us many | Invalid value for option '--slice-us'",
                "--timeout-ms 1 | timeout",
                "--timeout-ms 90000 | timeout",
                "--exit-dump-len -1 | dump",
                "--slice-us 20000000 | slice"
            })
    void nonsenseIsRefusedInASentence(String options, String sentence) {
        var err = new StringWriter();
        CommandLine line = new CommandLine(new Main()).setErr(new PrintWriter(err));
        line.setParameterExceptionHandler((e, _) -> {
            line.getErr().println(e.getMessage());
            return ExitStatus.USAGE.code();
        });
        assertThat(line.execute(options.split(" "))).isEqualTo(ExitStatus.USAGE.code());
        assertThat(err.toString()).contains(sentence).hasLineCount(1);
    }
}
