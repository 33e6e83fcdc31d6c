// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.rlfifo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What the command can be asked; what it does then is tested in scx-cli and, with a kernel, in
/// integration-tests.
class MainTest {

    @Test
    void helpNamesItsOwnOptionsAndThoseOfAllSchedulers() {
        assertThat(new CommandLine(new Main()).getUsageMessage())
                .startsWith("Usage: rlfifo ")
                .contains("--slice-us=MICROSECONDS", "5000).")
                .contains("--stats=SECONDS", "--partial", "--libbpf=PATH", "--verbose")
                .contains("--version", "--help");
    }
}
