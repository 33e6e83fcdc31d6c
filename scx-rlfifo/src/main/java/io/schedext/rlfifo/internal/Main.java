// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.rlfifo.internal;

import io.schedext.cli.SchedulerCommand;
import io.schedext.core.SchedulerOptions;
import io.schedext.rlfifo.FifoPolicy;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The command `rlfifo`: options in, a running scheduler out.
@Command(
        name = "rlfifo",
        mixinStandardHelpOptions = true,
        description = "Schedules this machine first in, first out, from Java. Ctrl-C detaches.")
public final class Main implements Callable<Integer> {

    // --stats, --partial and what else every scheduler has
    @Mixin private SchedulerCommand command;

    @Option(
            names = "--slice-us",
            paramLabel = "MICROSECONDS",
            defaultValue = "" + FifoPolicy.SLICE_NS / 1_000,
            description = "Longest slice, when no other task waits (default: ${DEFAULT-VALUE}).")
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
                SchedulerOptions.builder().sliceNs(sliceNs), () -> new FifoPolicy(sliceNs));
    }
}
