// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.schedext.core.ExitStatus;
import io.schedext.core.SchedulerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class PreflightTest {

    private static final String ROOT = "000001ffffffffff";

    @TempDir private Path root;
    private Preflight preflight;

    /// A machine on which all is well.
    @BeforeEach
    void machine() throws IOException {
        write("sys/kernel/sched_ext/state", "disabled\n");
        write("sys/kernel/sched_ext/hotplug_seq", "3\n");
        write("sys/kernel/btf/vmlinux", "BTF");
        write("sys/devices/system/cpu/possible", "0-3\n");
        capabilities(ROOT);
        preflight = new Preflight(root);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        // At once, as the kernel's files change: a reader never sees one empty.
        Path whole = Files.writeString(root.resolve("new"), text);
        Files.move(whole, path, StandardCopyOption.ATOMIC_MOVE);
    }

    private void capabilities(String effective) throws IOException {
        write(
                "proc/self/status",
                "Name:\tjava\nCapPrm:\t0000000000000000\nCapEff:\t"
                        + effective
                        + "\nSeccomp:\t0\n");
    }

    private void assertRefused(ExitStatus status, String message) {
        SchedulerException e = catchThrowableOfType(SchedulerException.class, preflight::check);
        assertThat(e).hasMessage(message);
        assertThat(e.status()).isEqualTo(status);
    }

    @Test
    void aGoodMachinePasses() {
        assertThatCode(preflight::check).doesNotThrowAnyException();
    }

    @Test
    void withoutSchedExt() throws IOException {
        Files.delete(root.resolve("sys/kernel/sched_ext/state"));
        Files.delete(root.resolve("sys/kernel/sched_ext/hotplug_seq"));
        Files.delete(root.resolve("sys/kernel/sched_ext"));
        assertRefused(
                ExitStatus.NO_SCHED_EXT,
                "This kernel has no sched_ext: boot Linux 6.12 or newer built with"
                        + " CONFIG_SCHED_CLASS_EXT=y.");
    }

    @Test
    void withoutBtf() throws IOException {
        Files.delete(root.resolve("sys/kernel/btf/vmlinux"));
        assertRefused(
                ExitStatus.NO_BTF,
                "This kernel does not describe its types in /sys/kernel/btf/vmlinux: boot one built"
                        + " with CONFIG_DEBUG_INFO_BTF=y.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000",
                "0000008000000000", // CAP_BPF alone
                "0000004000000000", // CAP_PERFMON alone
                "0000000000000001"
            })
    void withoutPrivileges(String effective) throws IOException {
        capabilities(effective);
        assertRefused(
                ExitStatus.NOT_PERMITTED,
                "Scheduling the machine needs root: run with sudo, or give the process CAP_BPF and"
                        + " CAP_PERFMON.");
    }

    @Test
    void aStatusWithoutCapabilitiesIsNoPrivilege() throws IOException {
        write("proc/self/status", "Name:\tjava\n");
        assertThat(catchThrowableOfType(SchedulerException.class, preflight::check).status())
                .isEqualTo(ExitStatus.NOT_PERMITTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"000000c000000000", "0000000000200000"})
    void twoCapabilitiesOrTheOldOneAreEnough(String effective) throws IOException {
        capabilities(effective);
        assertThatCode(preflight::check).doesNotThrowAnyException();
    }

    @Test
    void withAnotherSchedulerOfANameAttached() throws IOException {
        write("sys/kernel/sched_ext/state", "enabled\n");
        write("sys/kernel/sched_ext/root/ops", "scx_lavd\n");
        assertRefused(
                ExitStatus.OTHER_SCHEDULER,
                "Another scheduler, scx_lavd, is attached: stop it first.");
    }

    @Test
    void withAnotherSchedulerAttachedWhoseNameIsNotTold() throws IOException {
        write("sys/kernel/sched_ext/state", "enabling\n");
        assertRefused(ExitStatus.OTHER_SCHEDULER, "Another scheduler is attached: stop it first.");
    }

    @Test
    void aSchedulerThatIsLeavingIsWaitedFor() throws Exception {
        write("sys/kernel/sched_ext/state", "disabling\n");
        Thread kernel =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                Thread.sleep(50);
                                write("sys/kernel/sched_ext/state", "disabled\n");
                            } catch (IOException | InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
        assertThatCode(preflight::check).doesNotThrowAnyException();
        kernel.join();
    }

    @Test
    void aSchedulerThatDoesNotLeaveIsRefusedInTheEnd() throws IOException {
        write("sys/kernel/sched_ext/state", "disabling\n");
        assertRefused(ExitStatus.OTHER_SCHEDULER, "Another scheduler is attached: stop it first.");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Files.delete(root.resolve("sys/kernel/sched_ext/state"));
        assertRefused(
                ExitStatus.FAILED,
                "Cannot read "
                        + root.resolve("sys/kernel/sched_ext/state")
                        + ": is it mounted and readable?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"0; 1", "0-3; 4", "0,2-5; 6", "0-1,8; 9", "0-1023; 1024"})
    void theHighestPossibleCpuBoundsTheirIds(String list, int count) throws IOException {
        write("sys/devices/system/cpu/possible", list + "\n");
        assertThat(preflight.possibleCpus()).isEqualTo(count);
    }

    @Test
    void tellsWhetherCoresHaveSiblings() throws IOException {
        assertThat(preflight.coresAreSingle()).as("nothing is said").isFalse();
        write("sys/devices/system/cpu/smt/active", "1\n");
        assertThat(preflight.coresAreSingle()).isFalse();
        write("sys/devices/system/cpu/smt/active", "0\n");
        assertThat(preflight.coresAreSingle()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "18446744073709551615, -1"})
    void readsTheHotplugSequence(String text, long number) throws IOException {
        write("sys/kernel/sched_ext/hotplug_seq", text + "\n");
        assertThat(preflight.hotplugSequence()).isEqualTo(number);
    }
}
