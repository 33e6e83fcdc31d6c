// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.SchedulerOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// No scheduler is attached here. What needs a kernel is in integration-tests.
class SchedulerCommandTest {

    private static final int USAGE = 2;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(name = "fake", mixinStandardHelpOptions = true)
    static final class Fake implements Callable<Integer> {
        @Mixin private SchedulerCommand command;

        @Option(names = "--slice-us", paramLabel = "MICROSECONDS", defaultValue = "5000")
        private long sliceUs;

        @Override
        public Integer call() {
            SchedulerOptions.Builder options = SchedulerOptions.builder().sliceNs(sliceUs * 1000);
            return command.run(
                    options,
                    () -> {
                        throw new AssertionError("it must not come to this");
                    });
        }
    }

    private int run(String... args) {
        CommandLine command = SchedulerCommand.commandLine(new Fake());
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(args);
    }

    @Test
    void helpNamesEveryOption() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .startsWith("Usage: fake ")
                .contains("--stats=SECONDS", "--partial")
                .contains("--libbpf=PATH", "--verbose", "--version", "--help")
                .doesNotContain("--training-run");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void versionIsTheModules() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString())
                .isEqualTo(
                        "fake "
                                + Fake.class.getModule().getDescriptor().rawVersion().orElseThrow()
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
                .isEqualTo("fake: " + reason + " (see fake --help)" + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }
}
