// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime.internal;

import io.schedext.core.SchedulerOptions;
import io.schedext.core.SchedulerRunner;
import io.schedext.vruntime.VruntimePolicy;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `vruntime`: options in, a running scheduler out.
@Command(
        name = "vruntime",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Schedules this machine by weighted virtual time, from Java. Ctrl-C detaches.")
public final class Main implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--slice-us",
            paramLabel = "MICROSECONDS",
            defaultValue = "5000",
            description = "How long a task runs at a time (default: ${DEFAULT-VALUE}).")
    private long sliceUs;

    @Option(
            names = "--stats",
            paramLabel = "SECONDS",
            description = "Print a line of statistics this often.")
    private double statsSeconds;

    @Option(names = "--partial", description = "Schedule only tasks of the class SCHED_EXT.")
    private boolean partial;

    @Option(names = "--verbose", description = "Log details.")
    private boolean verbose;

    private Main() {}

    /// The process ends with one of [io.schedext.core.ExitStatus].
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() {
        // read by logback.xml when the first logger is made, which is below
        System.setProperty("io.schedext.log", verbose ? "DEBUG" : "INFO");

        SchedulerRunner runner =
                new SchedulerRunner(options(), () -> new VruntimePolicy(sliceNs()));
        if (statsSeconds > 0) {
            Duration interval = Duration.ofMillis(Math.max(1, (long) (statsSeconds * 1000)));
            runner.statistics(interval, System.out::println);
        }
        return runner.runAsMain(System.out);
    }

    private long sliceNs() {
        return TimeUnit.MICROSECONDS.toNanos(sliceUs);
    }

    private SchedulerOptions options() {
        try {
            return SchedulerOptions.builder()
                    .name("vruntime")
                    .sliceNs(sliceNs())
                    .partial(partial)
                    .debug(verbose)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
