// SPDX-License-Identifier: 0BSD
package org.example.priority;

import io.schedext.cli.SchedulerCommand;
import io.schedext.core.SchedulerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The command: options in, a running scheduler out.
@Command(
        name = "priority_by_name",
        mixinStandardHelpOptions = true,
        description = "Schedules this machine: tasks of some name go first. Ctrl-C detaches.")
public final class Main implements Callable<Integer> {

    // --stats, --partial and what else every scheduler has
    @Mixin private SchedulerCommand command;

    @Option(
            names = "--first",
            paramLabel = "PATTERN",
            required = true,
            description = "Who goes first: a thread's name (15 bytes), with * and ?.")
    private String first;

    Main() {}

    /// The process ends with one of [io.schedext.core.ExitStatus].
    public static void main(String[] args) {
        System.exit(SchedulerCommand.execute(new Main(), args));
    }

    @Override
    public Integer call() {
        NamePattern pattern = new NamePattern(first);
        return command.run(SchedulerOptions.builder(), () -> new PriorityByName(pattern));
    }
}
