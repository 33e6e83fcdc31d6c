// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.jars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.schedext.core.ExitStatus;
import io.schedext.it.cli.Launch;
import io.schedext.it.cli.SchedulerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The executables on this machine, as far as they go without `sched_ext`.
@Timeout(60)
class SchedulerCommandIT {

    @ParameterizedTest
    @ValueSource(strings = {"rlfifo", "vruntime"})
    void aMachineWithoutSchedExtIsToldSo(String name) throws Exception {
        assumeFalse(
                Files.isDirectory(Path.of("/sys/kernel/sched_ext")),
                "this machine has sched_ext, and nothing is ever attached to it by a test");
        try (SchedulerProcess process = Launch.modules(name).start()) {
            assertThat(process.await()).isEqualTo(ExitStatus.NO_SCHED_EXT.code());
            assertThat(process.out()).isEmpty();
            assertThat(process.err())
                    .containsExactly(
                            name
                                    + ": This kernel has no sched_ext: boot Linux 6.12 or newer built with"
                                    + " CONFIG_SCHED_CLASS_EXT=y.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rlfifo", "vruntime"})
    void theVersionIsThatOfTheJar(String name) throws Exception {
        try (SchedulerProcess process = Launch.modules(name, "--version").start()) {
            assertThat(process.await()).isZero();
            assertThat(process.out())
                    .containsExactly(
                            name
                                    + " "
                                    + BuiltJar.of("io.schedext." + name)
                                            .module()
                                            .rawVersion()
                                            .orElseThrow());
            assertThat(process.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rlfifo | the default slice is 1 ns to a quarter of the watchdog's timeout, not 0 ns",
                "vruntime | --slice-us is above 0, not 0"
            })
    void aWrongOptionIsToldInOneSentence(String name, String sentence) throws Exception {
        try (SchedulerProcess process = Launch.modules(name, "--slice-us", "0").start()) {
            assertThat(process.await()).isEqualTo(ExitStatus.USAGE.code());
            assertThat(process.out()).isEmpty();
            assertThat(process.err())
                    .containsExactly(name + ": " + sentence + " (see " + name + " --help)");
        }
    }
}
