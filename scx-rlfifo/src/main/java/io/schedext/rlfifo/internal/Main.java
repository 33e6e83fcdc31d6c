// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.rlfifo.internal;

import io.schedext.core.ExitStatus;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.SchedulerRunner;
import io.schedext.rlfifo.FifoPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `rlfifo`: options in, a running scheduler out.
@Command(
        name = "rlfifo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Schedules this machine first in, first out, from Java. Ctrl-C detaches.")
public final class Main implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--slice-us",
            paramLabel = "MICROSECONDS",
            defaultValue = "5000",
            description = "Longest slice, when no other task waits (default: ${DEFAULT-VALUE}).")
    private long sliceUs;

    @Option(
            names = "--stats",
            paramLabel = "SECONDS",
            description = "Print a line of statistics this often.")
    private Double statsSeconds;

    @Option(names = "--partial", description = "Schedule only tasks of the class SCHED_EXT.")
    private boolean partial;

    @Option(
            names = "--libbpf",
            paramLabel = "PATH",
            description = "The libbpf.so.1 to use, or its folder (default: the system's).")
    private Optional<Path> libbpf;

    @Option(names = "--verbose", description = "Log details.")
    private boolean verbose;

    private Main() {}

    /// The process ends with one of [io.schedext.core.ExitStatus].
    public static void main(String[] args) {
        System.exit(command().execute(args));
    }

    static CommandLine command() {
        return new CommandLine(new Main()).setParameterExceptionHandler(Main::refuse);
    }

    private static int refuse(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("rlfifo: " + e.getMessage() + " (see rlfifo --help)");
        return ExitStatus.USAGE.code();
    }

    @Override
    public Integer call() {
        // read by logback.xml when the first logger is made, which is below
        System.setProperty("io.schedext.log", verbose ? "DEBUG" : "INFO");
        return runner().runAsMain(System.out);
    }

    private SchedulerRunner runner() {
        long sliceNs = TimeUnit.MICROSECONDS.toNanos(sliceUs);
        try {
            SchedulerOptions.Builder options =
                    SchedulerOptions.builder()
                            .name("rlfifo")
                            .sliceNs(sliceNs)
                            .partial(partial)
                            .debug(verbose);
            libbpf.ifPresent(options::libbpf);
            SchedulerRunner runner =
                    new SchedulerRunner(options.build(), () -> new FifoPolicy(sliceNs));
            if (statsSeconds != null) {
                Duration interval = Duration.ofNanos((long) (statsSeconds * 1e9));
                runner.statistics(interval, System.out::println);
            }
            return runner;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
