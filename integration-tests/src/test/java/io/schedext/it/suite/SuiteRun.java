// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import io.schedext.kernelvm.GuestCommand;
import io.schedext.kernelvm.GuestException;
import io.schedext.kernelvm.GuestHungException;
import io.schedext.kernelvm.GuestProcess;
import io.schedext.kernelvm.KernelVmContainer;
import io.schedext.kernelvm.OutputListener;
import io.schedext.kernelvm.VmOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// All selected guest tests, one report after the other, whatever happens to the JVM that runs them
/// or to the guest: a JVM that ended is started anew for the tests that are left, a guest that
/// hangs is booted anew.
///
/// One thread at a time may use it.
public final class SuiteRun implements AutoCloseable {
    /// How long a JVM may be silent when no test runs: it starts, or a class sets itself up.
    private static final Duration SILENCE = Duration.ofSeconds(150);

    /// How much longer than the guest's own watchdog the host waits.
    private static final Duration HOST_GRACE = Duration.ofSeconds(20);

    /// A suite that loses more JVMs than this is not worth going on with.
    private static final int MAX_STARTS = 6;

    private static final String SKIP_FILE = "skip";

    private final VmOptions options;
    private final GuestSelection selection;
    private final Consumer<String> progress;
    private final SuiteJvm suiteJvm;
    private final Set<String> left;

    private KernelVmContainer vm;
    private GuestProcess jvm;
    private TestRecorder recorder;
    private int starts;
    private MachineFacts machine;

    /// @param options the guest; its output folder also takes the copy of the class path
    /// @param progress gets a sentence for each slow step
    public SuiteRun(VmOptions options, GuestSelection selection, Consumer<String> progress) {
        suiteJvm = SuiteJvm.prepare(options.output().resolveSibling("guest-lib"));
        this.options =
                options.withMount(suiteJvm.folder())
                        .withMount(Path.of(System.getProperty("scx.images")));
        this.selection = selection;
        this.progress = progress;
        left = new LinkedHashSet<>(selection.names());
    }

    /// The names of the tests of which no report has come yet.
    public List<String> left() {
        return List.copyOf(left);
    }

    /// What the tests ran on; empty before the first guest is up.
    public Optional<MachineFacts> machine() {
        return Optional.ofNullable(machine);
    }

    /// The next report; waits for it.
    ///
    /// @return empty when all tests have been reported
    /// @throws GuestException when there is no point in going on; [#left()] has not run
    public Optional<TestReport> next() {
        while (true) {
            if (recorder != null) {
                Optional<TestReport> report = recorder.poll();
                if (report.isPresent()) {
                    left.remove(report.get().method());
                    return report;
                }
                if (recorder.done()) {
                    close();
                    return Optional.empty();
                }
            }
            if (jvm == null) {
                if (left.isEmpty()) {
                    close();
                    return Optional.empty();
                }
                start();
            }
            receive();
        }
    }

    private void start() {
        starts++;
        if (starts > MAX_STARTS) {
            throw new GuestException(
                    "the guest's JVM was started " + MAX_STARTS + " times; not run: " + left);
        }
        if (vm == null) {
            vm = KernelVmContainer.create(options, progress);
            vm.start();
            machine = MachineFacts.of(vm);
        }
        recorder = new TestRecorder();
        jvm =
                vm.launch(
                        command(),
                        new OutputListener() {
                            @Override
                            public void out(String line) {
                                recorder.accept(line);
                            }

                            @Override
                            public void err(String line) {
                                recorder.accept(line);
                            }
                        });
    }

    private GuestCommand command() {
        List<String> words = suiteJvm.command(options, selection);
        if (starts > 1) {
            Set<String> skip = new LinkedHashSet<>(selection.names());
            skip.removeAll(left);
            try {
                Files.write(options.output().resolve(SKIP_FILE), skip);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            words.add("/out/" + SKIP_FILE);
        }
        return GuestCommand.of(words.toArray(String[]::new)).withJdk();
    }

    private void receive() {
        Duration patience =
                recorder.limitMillis()
                        .map(millis ->
                                Duration.ofMillis(millis).plus(Watchdog.GRACE).plus(HOST_GRACE))
                        .orElse(SILENCE);
        try {
            if (!jvm.awaitMore(patience)) {
                loseGuest("nothing was heard of it for " + patience.toSeconds() + " s");
            } else if (jvm.status() >= 0 && !recorder.done()) {
                loseJvm();
            }
        } catch (GuestHungException e) {
            loseGuest(e.getMessage());
        }
    }

    private void loseJvm() {
        String why = "the guest's JVM ended with status " + jvm.status();
        progress.accept(why);
        if (recorder.limitMillis().isEmpty() && jvm.status() != Watchdog.EXIT_STATUS) {
            throw new GuestException(why + " between two tests:\n" + recorder.output());
        }
        recorder.lost(why + "\n" + recorder.output() + "\nwhat is left in the guest:\n" + tasks());
        jvm.close();
        jvm = null;
        // what it had started would be in the way of the next: all processes but the agent and this
        vm.exec(HOST_GRACE, "sh", "-c", "kill -KILL -1");
    }

    /// All tasks but kernel threads, with their class and where in the kernel they wait.
    private String tasks() {
        return vm.exec(
                        HOST_GRACE,
                        "ps",
                        "--ppid",
                        "2",
                        "-p",
                        "2",
                        "--deselect",
                        "-Lo",
                        "pid,lwp,stat,cls,psr,pcpu,wchan:24,args")
                .stdout();
    }

    private void loseGuest(String why) {
        progress.accept("the guest hangs: " + why);
        boolean between = recorder.limitMillis().isEmpty();
        String console = vm.consoleTail();
        recorder.lost("the guest hangs: " + why + "\nits console ends with:\n" + console);
        vm.close();
        vm = null;
        jvm = null;
        if (between) {
            throw new GuestException("the guest hangs between two tests: " + why + "\n" + console);
        }
    }

    @Override
    public void close() {
        if (vm != null) {
            vm.close();
            vm = null;
            jvm = null;
        }
    }
}
