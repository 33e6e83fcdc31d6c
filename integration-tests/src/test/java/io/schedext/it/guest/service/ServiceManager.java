// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.service;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// systemd, as process 1 of a container within the guest: namespaces for processes, mounts and
/// control groups, and none for users, so that capabilities are real ones. Its services are under
/// the guest's kernel like everybody else.
///
/// It starts nothing by itself but what its target asks for, so a few services of its own are
/// hidden: an emulated guest would take a minute for them.
final class ServiceManager implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Path SYSTEMD = Path.of("/usr/lib/systemd/systemd");

    /// As a container manager prepares it (systemd.io/CONTAINER_INTERFACE).
    private static final String CONTAINER =
            """
            set -e
            mount --make-rprivate /
            mount -t tmpfs -o mode=755 tmpfs /run
            mkdir -p /run/systemd/system
            for unit in systemd-journald.service systemd-journald.socket systemd-journald-dev-log.socket \
                systemd-journald-audit.socket systemd-tmpfiles-setup.service systemd-tmpfiles-setup-dev.service \
                systemd-tmpfiles-setup-dev-early.service systemd-sysctl.service systemd-udevd.service \
                systemd-udev-trigger.service systemd-sysusers.service systemd-update-utmp.service \
                systemd-journal-flush.service systemd-random-seed.service systemd-pcrphase.service \
                systemd-machine-id-commit.service ldconfig.service systemd-update-done.service \
                systemd-journal-catalog-update.service systemd-firstboot.service; do
                ln -s /dev/null /run/systemd/system/$unit
            done
            mount -t cgroup2 cgroup2 /sys/fs/cgroup
            mount --bind -o ro /sys /sys
            exec env -i container=scx PATH=/usr/sbin:/usr/bin LANG=C.UTF-8 \
                /usr/lib/systemd/systemd --system --unit=basic.target --log-target=console --show-status=no
            """;

    private final Process container;
    private final long pid;
    private final Path log;

    private ServiceManager(Process container, long pid, Path log) {
        this.container = container;
        this.pid = pid;
        this.log = log;
    }

    /// Starts one, and waits until it takes orders.
    static ServiceManager start() throws IOException, InterruptedException {
        if (!Files.exists(SYSTEMD)) {
            throw new AssertionError("the guest has no " + SYSTEMD);
        }
        // a control group of its own, which becomes the root of what it sees
        Path group = Path.of("/sys/fs/cgroup/services");
        if (!Files.exists(group)) {
            Files.createDirectory(group);
        }
        Path log = Files.createTempFile("systemd", ".log");
        Process container =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "echo 0 > " + group + "/cgroup.procs && exec \"$@\"",
                                "sh",
                                "unshare",
                                "--mount",
                                "--pid",
                                "--ipc",
                                "--uts",
                                "--cgroup",
                                "--fork",
                                "--kill-child",
                                "--mount-proc",
                                "sh",
                                "-c",
                                CONTAINER)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        ServiceManager manager = new ServiceManager(container, firstChild(container), log);
        manager.until(
                "it is up",
                () ->
                        manager.ask("is-system-running").contains("running")
                                || manager.ask("is-system-running").contains("degraded"));
        return manager;
    }

    private static long firstChild(Process container) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0) {
            var child = container.children().findFirst();
            if (child.isPresent()) {
                return child.get().pid();
            }
            Thread.sleep(20);
        }
        throw new AssertionError("unshare has no child");
    }

    /// Runs systemctl, and expects it to succeed.
    void order(String... arguments) throws IOException, InterruptedException {
        Result result = systemctl(arguments);
        if (result.status() != 0) {
            throw new AssertionError(
                    String.join(" ", arguments) + ": " + result.text() + "\n" + log());
        }
    }

    /// Runs systemctl.
    ///
    /// @return what it said, whatever its status
    String ask(String... arguments) throws IOException, InterruptedException {
        return systemctl(arguments).text().strip();
    }

    /// The properties of a service, as `systemctl show` knows them.
    Map<String, String> show(String service) throws IOException, InterruptedException {
        Map<String, String> properties = new HashMap<>();
        for (String line : ask("show", service).split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                properties.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return properties;
    }

    private record Result(int status, String text) {}

    private Result systemctl(String... arguments) throws IOException, InterruptedException {
        return inside(Stream.concat(Stream.of("systemctl"), Stream.of(arguments)).toList());
    }

    /// What a program says that runs in there, output and errors.
    String run(String... words) throws IOException, InterruptedException {
        return inside(List.of(words)).text();
    }

    private Result inside(List<String> words) throws IOException, InterruptedException {
        Path out = Files.createTempFile("inside", ".out");
        Process process =
                new ProcessBuilder(
                                Stream.concat(
                                                Stream.of("nsenter", "--target", "" + pid, "--all"),
                                                words.stream())
                                        .toList())
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.to(out.toFile()))
                        .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(words + " did not end:\n" + log());
        }
        String text = Files.readString(out);
        Files.delete(out);
        return new Result(process.exitValue(), text);
    }

    /// Something that will be true.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /// Waits until a condition holds.
    void until(String what, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (!container.isAlive()) {
                throw new AssertionError("systemd ended before " + what + ":\n" + log());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + PATIENCE + ": " + what + "\n" + log());
            }
            Thread.sleep(100);
        }
    }

    /// What systemd and its services have said.
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws IOException {
        container.destroyForcibly(); // and with it, by --kill-child, all that is in there
        container.onExit().join();
        Files.delete(log);
    }
}
