// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime.internal;

import io.schedext.cli.SchedulerCommand;
import io.schedext.core.SchedulerOptions;
import io.schedext.vruntime.VruntimePolicy;
import java.time.Duration;
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
            defaultValue = "" + VruntimePolicy.SLICE_NS / 1_000,
            description =
                    "How long a task runs at a time when few wait (default: ${DEFAULT-VALUE}).")
    private long sliceUs;

    @Option(
            names = {"-S", "--slice-us-min"},
            paramLabel = "MICROSECONDS",
            defaultValue = "" + VruntimePolicy.MIN_SLICE_NS / 1_000,
            description = "How long a task may run however many wait (default: ${DEFAULT-VALUE}).")
    private long minSliceUs;

    @Option(
            names = {"-l", "--percpu-local"},
            description =
                    "Tasks that may use one CPU only come before all others there, instead of in the"
                            + " order of their deadlines.")
    private boolean perCpuLocal;

    @Option(
            names = {"-n", "--numa-local"},
            description = "Look for idle CPUs in a task's own NUMA node only.")
    private boolean numaLocal;

    @Option(
            names = "--no-builtin-idle",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "Whether a task that wakes up goes to an idle CPU without being decided"
                            + " (default: it does).")
    private boolean builtinIdle;

    @Option(
            names = "--exit-dump-len",
            paramLabel = "BYTES",
            defaultValue = "0",
            description = "Room for the kernel's dump when it ends the scheduler (0: its default).")
    private int exitDumpBytes;

    @Option(
            names = "--timeout-ms",
            paramLabel = "MILLISECONDS",
            defaultValue = "30000",
            description =
                    "After how long the kernel ends a scheduler that leaves a task waiting (default:"
                            + " ${DEFAULT-VALUE}).")
    private long timeoutMs;

    Main() {}

    /// The process ends with one of [io.schedext.core.ExitStatus].
    public static void main(String[] args) {
        System.exit(SchedulerCommand.execute(new Main(), args));
    }

    @Override
    public Integer call() {
        check(sliceUs > 0, "--slice-us is above 0, not " + sliceUs);
        check(minSliceUs > 0, "--slice-us-min is above 0, not " + minSliceUs);
        check(
                minSliceUs <= sliceUs,
                "--slice-us-min, %d, is above --slice-us, %d".formatted(minSliceUs, sliceUs));
        long sliceNs = TimeUnit.MICROSECONDS.toNanos(sliceUs);
        long minSliceNs = TimeUnit.MICROSECONDS.toNanos(minSliceUs);
        return command.run(
                SchedulerOptions.builder()
                        .sliceNs(sliceNs)
                        .watchdogTimeout(Duration.ofMillis(timeoutMs))
                        .overdueAfter(overdueAfter(timeoutMs))
                        .exitDumpBytes(exitDumpBytes)
                        .builtinIdle(builtinIdle)
                        .numaLocal(numaLocal),
                () -> new VruntimePolicy(sliceNs, minSliceNs, perCpuLocal));
    }

    /// Nobody is left to the policy for longer than two seconds, however patient the kernel is.
    private static Duration overdueAfter(long timeoutMs) {
        return Duration.ofMillis(Math.min(2_000, timeoutMs * 2 / 5));
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
