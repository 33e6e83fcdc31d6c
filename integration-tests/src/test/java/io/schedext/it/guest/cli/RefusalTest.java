// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import io.schedext.it.cli.Launch;
import io.schedext.it.cli.SchedulerProcess;
import io.schedext.it.guest.support.SchedExt;
import io.schedext.it.guest.support.TestObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Law 7: what keeps a scheduler from starting is told in one sentence, with an exit status of its
/// own and without a stack trace. Another scheduler that is attached is in [LifeTest].
@Timeout(120)
class RefusalTest {

    private static final String NOBODY = "65534";

    private final Launch rlfifo = Launch.scheduler("rlfifo");

    /// Starts a program in a mount namespace of its own, where an empty folder covers another.
    private static String[] covering(String folder) {
        String script = "mount -t tmpfs none " + folder + " && exec \"$@\"";
        return new String[] {"unshare", "-m", "sh", "-c", script, "sh"};
    }

    private static void assertRefused(Launch launch, ExitStatus status, String sentence)
            throws IOException, InterruptedException {
        try (SchedulerProcess process = launch.start()) {
            assertThat(process.await()).isEqualTo(status.code());
            assertThat(process.err()).containsExactly("rlfifo: " + sentence);
            assertThat(process.out()).isEmpty();
            assertThat(SchedExt.state()).isEqualTo("disabled");
        }
    }

    private static String noLibbpfAt(Path path, String reason) {
        return "load libbpf: no libbpf 1.4 or newer was found: "
                + path
                + ": "
                + reason
                + "; install the package libbpf1 (Debian 13, Ubuntu 24.10, Debian 12 from its"
                + " backports), libbpf (Fedora, Arch) or libbpf1 (openSUSE), or give the path of a"
                + " libbpf.so.1";
    }

    @Test
    void notRoot() throws Exception {
        assertRefused(
                rlfifo.by("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"),
                ExitStatus.NOT_PERMITTED,
                "Scheduling the machine needs root: run with sudo, or give the process CAP_BPF and"
                        + " CAP_PERFMON.");
    }

    @Test
    @Tag("full")
    void noSchedExt() throws Exception {
        assertRefused(
                rlfifo.by(covering("/sys/kernel")),
                ExitStatus.NO_SCHED_EXT,
                "This kernel has no sched_ext: boot Linux 6.12 or newer built with"
                        + " CONFIG_SCHED_CLASS_EXT=y.");
    }

    @Test
    @Tag("full")
    void noBtf() throws Exception {
        assertRefused(
                rlfifo.by(covering("/sys/kernel/btf")),
                ExitStatus.NO_BTF,
                "This kernel does not describe its types in /sys/kernel/btf/vmlinux: boot one built"
                        + " with CONFIG_DEBUG_INFO_BTF=y.");
    }

    @Test
    void noLibbpf() throws Exception {
        assertRefused(
                Launch.scheduler("rlfifo", "--libbpf", "/nowhere/libbpf.so.1"),
                ExitStatus.NO_LIBBPF,
                noLibbpfAt(
                        Path.of("/nowhere/libbpf.so.1"),
                        "cannot open shared object file: No such file or directory"));
    }

    @Test
    @Tag("full")
    void memoryThatCannotBeLocked() throws Exception {
        assertRefused(
                rlfifo.by("setpriv", "--bounding-set", "-ipc_lock", "--inh-caps", "-ipc_lock")
                        .by("prlimit", "--memlock=65536"),
                ExitStatus.MEMORY_NOT_LOCKED,
                "Memory cannot be locked (errno 12): run as root, or raise the limit with ulimit -l"
                        + " unlimited.");
    }

    @Test
    @Tag("full")
    void anOldLibbpf(@TempDir Path folder) throws Exception {
        Path old = folder.resolve("libbpf.so.1");
        Files.write(old, OldLibbpf.pretendingToBe(3));
        assertRefused(
                Launch.scheduler("rlfifo", "--libbpf", folder.toString()),
                ExitStatus.OLD_LIBBPF,
                noLibbpfAt(
                        old,
                        "it is version 1.3, which cannot leave out the members of a struct_ops"
                                + " that the kernel lacks, nor set them before load"));
    }

    @Test
    @Tag("full")
    void aProgramTheVerifierRefuses(@TempDir Path folder) throws Exception {
        Path program = folder.resolve("io/schedext/core/internal/main.bpf.o");
        Files.createDirectories(program.getParent());
        Files.write(program, TestObject.elf("refused_scheduler"));
        assertRefused(
                Launch.scheduler("rlfifo").patched("io.schedext.core", folder),
                ExitStatus.REFUSED_BY_VERIFIER,
                "This kernel refuses the BPF program (scx: load program reads_too_far: EACCES (13):"
                        + " invalid bpf_context access off=-8 size=8 (4 lines omitted)): report it,"
                        + " with the log at debug level.");
        try (SchedulerProcess process =
                Launch.scheduler("rlfifo", "--verbose")
                        .patched("io.schedext.core", folder)
                        .start()) {
            assertThat(process.await()).isEqualTo(ExitStatus.REFUSED_BY_VERIFIER.code());
            assertThat(String.join("\n", process.err()))
                    .contains("What the verifier says:")
                    .contains("refused_scheduler.bpf.c:8")
                    .contains("processed 1 insns");
        }
    }
}
