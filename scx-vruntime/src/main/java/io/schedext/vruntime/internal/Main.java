// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime.internal;

import io.schedext.cli.SchedulerCommand;
import io.schedext.core.SchedulerOptions;
import io.schedext.vruntime.VruntimePolicy;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `vruntime`: options in, a running scheduler out.
@Command(
        name = "vruntime",
        mixinStandardHelpOptions = true,
        description =
                "Schedules this machine fairly by weight, the earliest deadline first, from Java."
                        + " Ctrl-C detaches.")
public final class Main implements Callable<Integer> {

    // --stats, --partial and what else every scheduler has
    @Mixin private SchedulerCommand command;

    @Spec private CommandSpec spec;

    @Option(
            names = {"-s", "--slice-us"},
            paramLabel = "MICROSECONDS",
            defaultValue = "20000",
            description =
                    "How long a task runs at a time when few wait (default: ${DEFAULT-VALUE}).")
    private long sliceUs;

    @Option(
            names = {"-S", "--slice-us-min"},
            paramLabel = "MICROSECONDS",
            defaultValue = "1000",
            description = "How long a task may run however many wait (default: ${DEFAULT-VALUE}).")
    private long minSliceUs;

    Main() {}

    /// The process ends with one of [io.schedext.core.ExitStatus].
    public static void main(String[] args) {
        System.exit(SchedulerCommand.execute(new Main(), args));
    }

    @Override
    public Integer call() {
        long sliceNs = TimeUnit.MICROSECONDS.toNanos(sliceUs);
        long minSliceNs = TimeUnit.MICROSECONDS.toNanos(minSliceUs);
        try {
            new VruntimePolicy(sliceNs, minSliceNs);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return command.run(
                SchedulerOptions.builder().sliceNs(sliceNs),
                () -> new VruntimePolicy(sliceNs, minSliceNs));
    }
}
