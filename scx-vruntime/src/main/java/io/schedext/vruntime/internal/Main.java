// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime.internal;

import io.schedext.cli.SchedulerCommand;
import io.schedext.core.SchedulerOptions;
import io.schedext.vruntime.VruntimePolicy;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The command `vruntime`: options in, a running scheduler out.
@Command(
        name = "vruntime",
        mixinStandardHelpOptions = true,
        description =
                "Schedules this machine by weighted virtual time, from Java. Ctrl-C detaches.")
public final class Main implements Callable<Integer> {

    // --stats, --partial and what else every scheduler has
    @Mixin private SchedulerCommand command;

    @Option(
            names = "--slice-us",
            paramLabel = "MICROSECONDS",
            defaultValue = "5000",
            description = "How long a task runs at a time (default: ${DEFAULT-VALUE}).")
    private long sliceUs;

    Main() {}

    /// The process ends with one of [io.schedext.core.ExitStatus].
    public static void main(String[] args) {
        System.exit(SchedulerCommand.execute(new Main(), args));
    }

    @Override
    public Integer call() {
        long sliceNs = TimeUnit.MICROSECONDS.toNanos(sliceUs);
        return command.run(
                SchedulerOptions.builder().sliceNs(sliceNs), () -> new VruntimePolicy(sliceNs));
    }
}
