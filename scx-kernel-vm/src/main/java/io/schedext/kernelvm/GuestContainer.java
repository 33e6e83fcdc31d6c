// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import io.schedext.kernelvm.internal.VmImage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/// The Docker container around QEMU: booted once by [#start()], switched off by [#stop()].
///
/// Kept from users, whose API would otherwise be Testcontainers' too.
final class GuestContainer extends GenericContainer<GuestContainer> {
    private static final String LABEL = "io.schedext.vm";
    private static final int AGENT_PORT = 7000;
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(180);
    private static final Duration SWITCH_OFF_LIMIT = Duration.ofSeconds(15);

    private final VmOptions options;
    private final Path staged;
    private final Consumer<String> progress;
    private Console console;
    private GuestChannel channel;
    private Duration bootTime = Duration.ZERO;

    /// Boots nothing yet.
    ///
    /// @param image what [VmImage#ensure] found or built for the options' kernel
    /// @param staged folder of the host that the guest sees, read-only, as [Staging#GUEST_FOLDER]
    /// @param progress gets a sentence for each slow step
    GuestContainer(VmImage image, VmOptions options, Path staged, Consumer<String> progress) {
        super(DockerImageName.parse(image.tag()));
        this.staged = staged;
        this.options = options;
        this.progress = progress;
        withEnv("CPUS", Integer.toString(options.cpus()));
        withEnv("MEMORY_MIB", Integer.toString(options.memoryMib()));
        withEnv("NODES", Integer.toString(options.numaNodes()));
        withEnv("ACCEL", options.acceleration().word());
        withEnv("EXTRA_CMDLINE", options.kernelParameters());
        withCreateContainerCmdModifier(command -> configure(command.getHostConfig()));
        withLogConsumer(frame -> console.accept(frame.getUtf8String()));
        withLabel(LABEL, "");
        setWaitStrategy(new AgentAnswers());
    }

    /// Containers of hosts that were killed have ended by themselves, but are still there.
    private void removeLeftovers() {
        for (Container leftover :
                dockerClient
                        .listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(List.of(LABEL))
                        .withStatusFilter(List.of("exited"))
                        .exec()) {
            try {
                dockerClient.removeContainerCmd(leftover.getId()).exec();
            } catch (DockerException e) {
                // Its own host may be removing it at this moment.
            }
        }
    }

    private void configure(HostConfig host) {
        List<Bind> binds = new ArrayList<>();
        for (Path mount : options.mounts()) {
            binds.add(new Bind(mount.toString(), new Volume(mount.toString()), AccessMode.ro));
        }
        binds.add(new Bind(staged.toString(), new Volume(Staging.GUEST_FOLDER), AccessMode.ro));
        binds.add(new Bind(options.output().toString(), new Volume("/out"), AccessMode.rw));
        host.withBinds(binds);
        // Whoever reaches the agent is root in the guest: nobody but this machine shall.
        host.withPortBindings(
                new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(AGENT_PORT)));
        if (!options.acceleration().isEmulation() && Files.exists(Path.of("/dev/kvm"))) {
            host.withDevices(new Device("rwm", "/dev/kvm", "/dev/kvm"));
        }
    }

    /// Boots the guest and waits until its agent answers: about 5 s when emulated, 2 s with
    /// hardware virtualisation.
    @Override
    public void start() {
        if (channel != null) {
            return;
        }
        removeLeftovers();
        addExposedPort(AGENT_PORT);
        console = new Console(options.output().resolve("console.log"));
        progress.accept("booting a guest with kernel " + options.kernel());
        long start = System.nanoTime();
        super.start();
        bootTime = Duration.ofNanos(System.nanoTime() - start);
        progress.accept(
                "guest is up after %.1f s (%s)"
                        .formatted(bootTime.toMillis() / 1000.0, describeAcceleration()));
    }

    GuestProcess launch(GuestCommand command, OutputListener listener) {
        if (channel == null) {
            throw new IllegalStateException("the guest is not started");
        }
        return channel.start(command, listener);
    }

    /// How the guest runs: [Acceleration#KVM] or an emulation, once started.
    Acceleration acceleration() {
        return console.acceleration().orElse(options.acceleration());
    }

    /// From [#start()] to the agent's first answer, with the container's own start.
    Duration bootTime() {
        return bootTime;
    }

    /// The last lines of the guest's console.
    String consoleTail() {
        return console.tail();
    }

    /// Switches the guest off: its processes get SIGTERM first. A guest that does not comply is
    /// ended with its container.
    @Override
    public void stop() {
        if (channel != null) {
            switchOff();
            channel = null;
        }
        super.stop();
        if (console != null) {
            console.close();
        }
    }

    private void switchOff() {
        try {
            if (channel.answers(Duration.ofSeconds(5))) {
                try (GuestProcess log = launch(GuestCommand.of("dmesg"), OutputListener.NONE)) {
                    Files.writeString(
                            options.output().resolve("dmesg.log"),
                            log.waitFor(Duration.ofSeconds(10)).stdout());
                }
                channel.powerOff();
                long deadline = System.nanoTime() + SWITCH_OFF_LIMIT.toNanos();
                while (channel.closedBecause() == null && System.nanoTime() < deadline) {
                    Thread.sleep(20);
                }
            }
        } catch (GuestException | IOException e) {
            progress.accept("the guest did not switch itself off: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            channel.close();
        }
    }

    private String describeAcceleration() {
        String why = console.whyNotKvm();
        return acceleration().isEmulation()
                ? "emulated" + (why.isEmpty() ? "" : "; no KVM: " + why)
                : "KVM";
    }

    // A guest is its container: two of them are never equal.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /// Ready is when the agent has answered; a container that ended before will never be.
    private final class AgentAnswers extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {
            var address = new InetSocketAddress("127.0.0.1", getMappedPort(AGENT_PORT));
            long deadline = System.nanoTime() + BOOT_LIMIT.toNanos();
            while (System.nanoTime() < deadline && isRunning()) {
                try {
                    channel = GuestChannel.connect(address, Duration.ofSeconds(60));
                    return;
                } catch (IOException e) {
                    pause();
                }
            }
            String how =
                    isRunning()
                            ? "did not come up in " + BOOT_LIMIT.toSeconds() + " s"
                            : "ended while it booted";
            throw new ContainerLaunchException(
                    "the guest " + how + "; its console ends with:\n" + consoleTail());
        }

        private void pause() {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ContainerLaunchException("interrupted while the guest booted", e);
            }
        }
    }
}
