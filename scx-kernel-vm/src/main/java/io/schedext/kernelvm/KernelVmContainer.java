// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import io.schedext.kernelvm.internal.VmImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A guest with a sched_ext kernel, booted once by [#start()] and switched off by [#close()].
///
/// ```java
/// @Test
/// void hogsShareByWeight(@TempDir Path output) {
///     try (var vm = KernelVmContainer.boot(VmOptions.defaults(output).withKernel("7.3"));
///             var mine = vm.schedule(SchedulerLaunch.module("com.example.mine"))) {
///         List<Long> cpuTimes = vm.load(Duration.ofSeconds(60), "shares", "4", "0", "5");
///         SchedulerReport report = mine.stop().requireBalanced();
///         assertThat(cpuTimes.get(0)).isGreaterThan(2 * cpuTimes.get(1));
///         assertThat(report.tasks().get("user")).isPositive();
///     }
/// }
/// ```
///
/// The guest's root is the image's, read-only; `/tmp`, `/run` and `/out` are writable. Mounted
/// folders appear at the host's paths. Console and kernel log are written to files in the options'
/// output folder.
///
/// Any thread may use it. Where Docker cannot pull images, set the environment variables
/// `TESTCONTAINERS_RYUK_DISABLED=true` and `TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1`.
public final class KernelVmContainer implements AutoCloseable {
    private static final String LOAD_PROGRAM = "/scx/load";
    private static final Duration QUICK = Duration.ofSeconds(20);

    private final VmOptions options;
    private final Staging staging;
    private final GuestContainer container;

    private KernelVmContainer(VmImage image, VmOptions options, Consumer<String> progress) {
        this.options = options;
        staging = Staging.below(options.output());
        container = new GuestContainer(image, options, staging.folder(), progress);
    }

    /// Prepares a guest: finds or builds its image (a minute, once for each kernel; one that has to
    /// be built from source takes twelve minutes of CPU time), boots nothing yet.
    ///
    /// @param progress gets a sentence for each slow step, here and in [#start()]
    /// @throws GuestException when the image cannot be built; the message says why
    public static KernelVmContainer create(VmOptions options, Consumer<String> progress) {
        try {
            Files.createDirectories(options.output());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + options.output(), e);
        }
        return new KernelVmContainer(VmImage.ensure(options.kernel(), progress), options, progress);
    }

    /// Prepares a guest and boots it. What takes long is told on standard error.
    ///
    /// @throws GuestException when there is no image, or the guest does not come up
    public static KernelVmContainer boot(VmOptions options) {
        KernelVmContainer vm = create(options, line -> System.err.println("vm: " + line));
        try {
            vm.start();
            return vm;
        } catch (RuntimeException e) {
            vm.close();
            throw e;
        }
    }

    /// Boots the guest and waits until its agent answers: about 5 s when emulated, 2 s with
    /// hardware virtualisation. Does nothing when it is up already.
    ///
    /// @throws RuntimeException when it does not come up; the message ends with its console's last
    ///   lines
    public void start() {
        container.start();
    }

    /// Runs a command and waits for its end.
    ///
    /// @param limit when it is over the command is ended, and the result says so
    /// @throws GuestHungException when the guest does not answer any more
    public GuestResult exec(Duration limit, String... command) {
        return exec(limit, GuestCommand.of(command), OutputListener.NONE);
    }

    /// Runs a command, hands on each line of output as it comes, and waits for its end.
    ///
    /// @param limit when it is over the command is ended, and the result says so
    /// @throws GuestHungException when the guest does not answer any more
    public GuestResult exec(Duration limit, GuestCommand command, OutputListener listener) {
        try (GuestProcess process = launch(command, listener)) {
            return process.waitFor(limit);
        } catch (GuestHungException e) {
            throw new GuestHungException(
                    e.getMessage() + "\nits console ends with:\n" + consoleTail(), e);
        }
    }

    /// Starts a command in the background; any number up to 64 may run at once.
    ///
    /// @throws IllegalStateException when the guest is not started
    public GuestProcess launch(GuestCommand command, OutputListener listener) {
        return container.launch(command, listener);
    }

    /// Starts a scheduler and waits until the kernel runs by it, at most two minutes. What it needs
    /// of the host is copied to where the guest sees it; nothing has to be mounted.
    ///
    /// @throws GuestException when another scheduler is attached, or this one ends or does not
    ///   attach; the message has its output
    public GuestScheduler schedule(SchedulerLaunch launch) {
        return GuestScheduler.start(this, launch.stage(staging, acceleration().isEmulation()));
    }

    /// Runs the program of loads whose work can be counted, and waits for its end.
    ///
    /// Among its loads are `spin SECONDS`, `hogs TASKS SECONDS`, `shares SECONDS NICE...`,
    /// `sleepers TASKS MILLISECONDS SECONDS`, `game PERIOD WORK SECONDS` and `pingpong PAIRS
    /// SECONDS`; `ext` before any of them puts it in the class `SCHED_EXT`. Without arguments it
    /// fails with the list.
    ///
    /// @param limit when it is over the load is ended, and this throws
    /// @param words the load's name and arguments
    /// @return the numbers it printed
    /// @throws GuestException when it fails or its time is up
    public List<Long> load(Duration limit, String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.addFirst(LOAD_PROGRAM);
        String out = exec(limit, command.toArray(String[]::new)).requireSuccess().stdout();
        return Stream.of(out.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .map(Long::parseLong)
                .toList();
    }

    /// What the kernel says of sched_ext: `enabled`, `disabled`, or one of the words in between.
    ///
    /// @throws GuestException when it has none
    public String schedExtState() {
        return read("/sys/kernel/sched_ext/state");
    }

    /// The kernel's release, as `uname -r` prints it.
    public String kernelRelease() {
        return read("/proc/sys/kernel/osrelease");
    }

    private String read(String file) {
        return exec(QUICK, "cat", file).requireSuccess().stdout().strip();
    }

    /// How the guest runs: [Acceleration#KVM] or an emulation, once started.
    public Acceleration acceleration() {
        return container.acceleration();
    }

    /// From [#start()] to the agent's first answer, with the container's own start.
    public Duration bootTime() {
        return container.bootTime();
    }

    /// The options it was made with.
    public VmOptions options() {
        return options;
    }

    /// The last lines of the guest's console.
    public String consoleTail() {
        return container.consoleTail();
    }

    /// Switches the guest off: its processes get SIGTERM first. A guest that does not comply is
    /// ended with its container.
    @Override
    public void close() {
        container.stop();
    }
}
