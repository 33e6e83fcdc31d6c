// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import io.schedext.it.cli.Launch;
import io.schedext.it.cli.SchedulerProcess;
import io.schedext.it.guest.cli.Report;
import io.schedext.it.guest.support.SchedExt;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a scheduler may do is given to it when it starts, and these four capabilities are enough;
/// nobody else can look into it.
class PrivilegeTest {

    private static final String NOBODY = "65534";
    private static final String ALL = "+bpf,+perfmon,+ipc_lock,+sys_nice";

    private static Launch asNobody(String capabilities) {
        return Launch.scheduler("rlfifo")
                .by(
                        "setpriv",
                        "--reuid",
                        NOBODY,
                        "--regid",
                        NOBODY,
                        "--clear-groups",
                        "--no-new-privs",
                        "--inh-caps",
                        capabilities,
                        "--ambient-caps",
                        capabilities,
                        "--bounding-set",
                        "-all," + capabilities);
    }

    @Test
    @Timeout(90)
    void fourCapabilitiesAreEnough() throws Exception {
        try (SchedulerProcess scheduler = asNobody(ALL).start()) {
            SchedExt.awaitAttached(scheduler);
            assertThat(Files.readAllLines(Path.of("/proc/" + scheduler.pid() + "/status")))
                    .as("not root")
                    .anyMatch(line -> line.matches("Uid:\\s+" + NOBODY + "\\s.*"));
            // its memory, the rings among it, is its own
            Process other =
                    new ProcessBuilder(
                                    "setpriv",
                                    "--reuid",
                                    "65533",
                                    "--regid",
                                    "65533",
                                    "--clear-groups",
                                    "sh",
                                    "-c",
                                    "! cat /proc/%d/fdinfo/* /proc/%1$d/maps"
                                            .formatted(scheduler.pid()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            assertThat(other.waitFor()).as("another user sees none of it").isZero();
            Report.afterTerm(scheduler);
        }
    }

    /// Without real-time priority attaching is slower on a busy machine, and else the same.
    @Test
    @Tag("full")
    @Timeout(90)
    void threeWillDo() throws Exception {
        try (SchedulerProcess scheduler = asNobody("+bpf,+perfmon,+ipc_lock").start()) {
            SchedExt.awaitAttached(scheduler);
            Report.afterTerm(scheduler);
        }
    }

    @Test
    @Tag("full")
    @Timeout(90)
    void withoutOneItSaysWhich() throws Exception {
        try (SchedulerProcess scheduler = asNobody("+bpf,+ipc_lock").start()) {
            assertThat(scheduler.await()).isEqualTo(ExitStatus.NOT_PERMITTED.code());
            assertThat(scheduler.err())
                    .containsExactly(
                            "rlfifo: Scheduling the machine needs root: run with sudo, or give the"
                                    + " process CAP_BPF and CAP_PERFMON.");
        }
    }
}
