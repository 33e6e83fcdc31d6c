// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.cli;

import io.schedext.cli.internal.CommandLog;
import io.schedext.core.ExitStatus;
import io.schedext.core.Policy;
import io.schedext.core.SchedulerException;
import io.schedext.core.SchedulerMonitor;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.SchedulerRunner;
import io.schedext.core.Statistics;
import io.schedext.core.TrainingRun;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that every scheduler has, to be mixed into its command:
///
/// ```java
/// @Command(name = "mine", mixinStandardHelpOptions = true)
/// public final class Main implements Callable<Integer> {
///     @Mixin private SchedulerCommand command;
///
///     public static void main(String[] args) {
///         System.exit(SchedulerCommand.execute(new Main(), args));
///     }
///
///     @Override
///     public Integer call() {
///         return command.run(SchedulerOptions.builder(), MyPolicy::new);
///     }
/// }
/// ```
public final class SchedulerCommand {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--stats",
            paramLabel = "SECONDS",
            description = "Print a line of statistics this often.")
    private Double statsSeconds;

    @Option(
            names = "--monitor",
            paramLabel = "SECONDS",
            description =
                    "Only look at the scheduler that runs already: a line of statistics this often.")
    private Double monitorSeconds;

    @Option(names = "--partial", description = "Schedule only tasks of the class SCHED_EXT.")
    private boolean partial;

    @Option(
            names = "--libbpf",
            paramLabel = "PATH",
            description = "The libbpf.so.1 to use, or its folder (default: the system's).")
    private Optional<Path> libbpf;

    @Option(names = "--verbose", description = "Log details.")
    private boolean verbose;

    @Option(
            names = "--training-run",
            hidden = true, // for those who make images
            description = "Schedule made-up tasks for some seconds, without a kernel.")
    private boolean trainingRun;

    /// For picocli.
    public SchedulerCommand() {}

    /// Parses a command line and runs the command.
    ///
    /// What makes no sense is told in one sentence on standard error. `--version` prints the
    /// command's name and the version of its module.
    ///
    /// @param command an object annotated as a picocli command, with this class mixed in
    /// @param args the command line
    /// @return what to pass to [System#exit(int)], one of [ExitStatus]
    public static int execute(Object command, String... args) {
        return commandLine(command).execute(args);
    }

    static CommandLine commandLine(Object command) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec().version(line.getCommandName() + " " + versionOf(command.getClass()));
        return line.setParameterExceptionHandler(SchedulerCommand::refuse);
    }

    /// On a class path there is no module that could tell.
    private static String versionOf(Class<?> type) {
        return Optional.ofNullable(type.getModule().getDescriptor())
                .flatMap(ModuleDescriptor::rawVersion)
                .orElse("(version not recorded)");
    }

    private static int refuse(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandName();
        command.getErr().println(name + ": " + e.getMessage() + " (see " + name + " --help)");
        return ExitStatus.USAGE.code();
    }

    /// Runs a scheduler under the command's name until a signal or the kernel ends it, see
    /// [SchedulerRunner#runAsMain(java.io.PrintStream)].
    ///
    /// @param options what the scheduler itself chooses
    /// @param policies gives a new policy for each attach
    /// @return what the command returns
    /// @throws ParameterException when an option is out of its range
    public int run(SchedulerOptions.Builder options, Supplier<? extends Policy> policies) {
        CommandLog.describe(spec.name(), verbose); // the first logger is made below
        SchedulerRunner runner = runner(options, policies);
        if (trainingRun) {
            return train(options, policies);
        }
        return monitorSeconds == null ? runner.runAsMain(System.out) : monitor();
    }

    private int train(SchedulerOptions.Builder options, Supplier<? extends Policy> policies) {
        try {
            new TrainingRun(options.build(), policies).run(System.out);
            return ExitStatus.OK.code();
        } catch (SchedulerException e) {
            return tell(e);
        }
    }

    private int tell(SchedulerException e) {
        spec.commandLine().getErr().println(spec.name() + ": " + e.getMessage());
        return e.status().code();
    }

    /// Until the other one ends.
    private int monitor() {
        try (SchedulerMonitor monitor = SchedulerMonitor.open(libbpf)) {
            Statistics last = monitor.statistics();
            while (monitor.isAttached()) {
                Thread.sleep(interval(monitorSeconds));
                Statistics now = monitor.statistics();
                System.out.println(now.since(last));
                last = now;
            }
            return ExitStatus.OK.code();
        } catch (SchedulerException e) {
            return tell(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.FAILED.code();
        }
    }

    private static Duration interval(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private SchedulerRunner runner(
            SchedulerOptions.Builder options, Supplier<? extends Policy> policies) {
        options.name(spec.name()).partial(partial).debug(verbose);
        libbpf.ifPresent(options::libbpf);
        try {
            SchedulerRunner runner = new SchedulerRunner(options.build(), policies);
            if (monitorSeconds != null && !(monitorSeconds > 0)) {
                throw new IllegalArgumentException(
                        "--monitor is above 0 seconds, not " + monitorSeconds);
            }
            if (statsSeconds != null) {
                runner.statistics(interval(statsSeconds), System.out::println);
            }
            return runner;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
