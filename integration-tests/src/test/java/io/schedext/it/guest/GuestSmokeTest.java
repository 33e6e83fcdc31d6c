// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.SchedExt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// The guest is the machine that was asked for.
class GuestSmokeTest {
    private static final Path CPUS = Path.of("/sys/devices/system/cpu");

    @Tag("conformance")
    @Test
    void kernelIsTheOneAskedFor(TestReporter reporter) throws IOException {
        String release = read(Path.of("/proc/sys/kernel/osrelease"));
        reporter.publishEntry("release", release);
        String series = System.getProperty("scx.kernel");
        assertThat(release).matches(java.util.regex.Pattern.quote(series) + "([.+-].*)?");
    }

    @Test
    void schedExtIsThereAndIdle() throws IOException {
        assertThat(SchedExt.state()).isEqualTo("disabled");
    }

    @Test
    void allCpusAreOnline() throws IOException {
        int cpus = Integer.getInteger("scx.cpus");
        assertThat(read(CPUS.resolve("online"))).isEqualTo("0-" + (cpus - 1));
        assertThat(Runtime.getRuntime().availableProcessors()).isEqualTo(cpus);
    }

    @Test
    void cpusAreSharedOutOverTheNodes() throws IOException {
        Path nodes = Path.of("/sys/devices/system/node");
        assertThat(read(nodes.resolve("online"))).isEqualTo("0-1");
        assertThat(read(nodes.resolve("node0/cpulist"))).isEqualTo("0-1");
        assertThat(read(nodes.resolve("node1/cpulist"))).isEqualTo("2-3");
    }

    @Test
    void typeInformationOfTheKernelIsReadable() throws IOException {
        byte[] magic = new byte[2];
        try (var in = Files.newInputStream(Path.of("/sys/kernel/btf/vmlinux"))) {
            assertThat(in.read(magic)).isEqualTo(2);
        }
        assertThat(magic).as("magic of BTF, little-endian").containsExactly(0x9f, 0xeb);
    }

    @Test
    void libbpfIsNewEnough() throws IOException {
        Path library = Path.of("/usr/lib/x86_64-linux-gnu/libbpf.so.1").toRealPath();
        String name = library.getFileName().toString();
        assertThat(name).matches("libbpf\\.so\\.1\\.(4|[5-9]|\\d\\d)\\..*");
    }

    @Test
    void fileSystemsForTracingAndBpfAreMounted() throws IOException {
        List<String> mounts = Files.readAllLines(Path.of("/proc/mounts"));
        for (String mount :
                List.of(
                        "/sys/kernel/tracing tracefs",
                        "/sys/kernel/debug debugfs",
                        "/sys/fs/cgroup cgroup2",
                        "/sys/fs/bpf bpf")) {
            assertThat(mounts).anyMatch(line -> line.contains(" " + mount + " "));
        }
        assertThat(Path.of("/proc/sys/kernel/sched_schedstats")).isWritable();
        assertThat(Path.of("/tmp")).isWritable();
    }

    @Test
    void theLastCpuGoesOfflineAndComesBack() throws IOException {
        int last = Integer.getInteger("scx.cpus") - 1;
        Cpus.takeOff(last);
        try {
            assertThat(read(CPUS.resolve("online"))).isEqualTo("0-" + (last - 1));
        } finally {
            Cpus.online(last, true);
        }
        assertThat(read(CPUS.resolve("online"))).isEqualTo("0-" + last);
    }

    private static String read(Path path) throws IOException {
        return Files.readString(path).strip();
    }
}
