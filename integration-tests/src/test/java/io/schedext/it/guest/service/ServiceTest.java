// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import io.schedext.it.cli.Launch;
import io.schedext.it.guest.support.SchedExt;
import io.schedext.it.suite.AllowKernelLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The unit beside an image, in a systemd that is process 1 of a container.
@Tag("full")
class ServiceTest {

    private static final String SERVICE = "rlfifo.service";

    /// CAP_IPC_LOCK, CAP_SYS_NICE, CAP_PERFMON, CAP_BPF: capability.h.
    private static final long FOUR = 1L << 14 | 1L << 23 | 1L << 38 | 1L << 39;

    private static Path unit(String name) {
        return Launch.image(name).resolve(name + ".service");
    }

    private static void awaitAttached(ServiceManager systemd, String name) throws Exception {
        systemd.until(
                name + " is attached",
                () -> SchedExt.state().equals("enabled") && SchedExt.name().startsWith(name));
    }

    private static long mainPid(ServiceManager systemd) throws Exception {
        // as seen in the container; in the guest it is another number
        return Long.parseLong(systemd.show(SERVICE).get("MainPID"));
    }

    private static Map<String, String> status(ServiceManager systemd, long pid) throws Exception {
        Map<String, String> status = new HashMap<>();
        for (String line : systemd.run("cat", "/proc/" + pid + "/status").split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                status.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return status;
    }

    @Test
    @Timeout(600)
    @AllowKernelLog("disabled \\(disabled by sysrq-S\\)")
    void startsHoldsNoMoreThanItNeedsComesBackAndStops(TestReporter reporter) throws Exception {
        try (ServiceManager systemd = ServiceManager.start()) {
            systemd.order(
                    "set-environment", "SCX_JVM_OPTIONS=" + String.join(" ", Launch.COMPILER));
            systemd.order("link", "--runtime", unit("rlfifo").toString());
            systemd.order("link", "--runtime", unit("vruntime").toString());
            systemd.order("start", SERVICE);
            awaitAttached(systemd, "rlfifo");
            assertThat(systemd.ask("is-active", SERVICE)).isEqualTo("active");
            long first = mainPid(systemd);
            assertConfined(systemd, first);
            reporter.publishEntry("score", score(systemd));

            refusesAnotherAndLeavesItAtThat(systemd);

            systemd.run("kill", "-KILL", "" + first);
            systemd.until("it is another process", () -> isAnother(systemd, first));
            awaitAttached(systemd, "rlfifo");
            long second = mainPid(systemd);

            Files.writeString(Path.of("/proc/sysrq-trigger"), "S");
            systemd.until("it is a third process", () -> isAnother(systemd, second));
            awaitAttached(systemd, "rlfifo");
            assertThat(systemd.show(SERVICE)).containsEntry("NRestarts", "2");

            systemd.order("stop", SERVICE);
            assertThat(systemd.show(SERVICE))
                    .containsEntry("ActiveState", "inactive")
                    .containsEntry("Result", "success")
                    .containsEntry("ExecMainStatus", "0");
            assertThat(SchedExt.state()).isEqualTo("disabled");
        }
    }

    private static boolean isAnother(ServiceManager systemd, long pid) {
        try {
            long now = mainPid(systemd);
            return now != 0 && now != pid;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertConfined(ServiceManager systemd, long pid) throws Exception {
        Map<String, String> status = status(systemd, pid);
        assertThat(status.get("Uid").split("\\s+")).doesNotContain("0");
        for (String set : List.of("CapEff", "CapPrm", "CapBnd", "CapAmb")) {
            assertThat(Long.parseLong(status.get(set), 16)).as(set).isEqualTo(FOUR);
        }
        assertThat(status).containsEntry("NoNewPrivs", "1").containsEntry("Seccomp", "2");
        assertThat(systemd.run("cat", "/proc/" + pid + "/limits"))
                .containsPattern("Max locked memory +unlimited +unlimited")
                .containsPattern("Max core file size +0 +0");
        assertThat(systemd.run("cat", "/proc/" + pid + "/oom_score_adj").strip()).isEqualTo("-900");
        // what it sees: nothing to write on but what is its own
        String mounts = systemd.run("cat", "/proc/" + pid + "/mounts");
        assertThat(mounts.lines().filter(line -> line.split(" ")[1].equals("/")))
                .last()
                .satisfies(line -> assertThat(line.split(" ")[3]).startsWith("ro"));
        assertThat(mounts.lines().filter(line -> line.split(" ")[1].equals("/proc/sys")))
                .last()
                .satisfies(line -> assertThat(line.split(" ")[3]).startsWith("ro"));
        for (String namespace : List.of("net", "ipc", "mnt")) {
            assertThat(systemd.run("readlink", "/proc/" + pid + "/ns/" + namespace))
                    .as("its own namespace %s", namespace)
                    .startsWith(namespace)
                    .isNotEqualTo(systemd.run("readlink", "/proc/1/ns/" + namespace));
        }
    }

    private static String score(ServiceManager systemd) throws IOException, InterruptedException {
        String said = systemd.run("systemd-analyze", "security", "--no-pager", SERVICE);
        return said.lines()
                .filter(line -> line.contains("Overall exposure"))
                .findFirst()
                .orElse(said);
    }

    /// One that cannot start is not started again and again.
    private static void refusesAnotherAndLeavesItAtThat(ServiceManager systemd) throws Exception {
        systemd.order("start", "vruntime.service");
        systemd.until(
                "vruntime has failed",
                () -> systemd.ask("is-active", "vruntime.service").equals("failed"));
        assertThat(systemd.show("vruntime.service"))
                .containsEntry("ExecMainStatus", "" + ExitStatus.OTHER_SCHEDULER.code())
                .containsEntry("NRestarts", "0");
        assertThat(SchedExt.name()).startsWith("rlfifo");
    }
}
