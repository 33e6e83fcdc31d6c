// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.cli;

import io.schedext.it.cli.SchedulerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What the kernel says about its scheduler.
final class SchedExt {

    private static final Path FOLDER = Path.of("/sys/kernel/sched_ext");

    private SchedExt() {}

    static String state() throws IOException {
        return Files.readString(FOLDER.resolve("state")).strip();
    }

    /// The name of the scheduler that is attached.
    static String name() throws IOException {
        return Files.readString(FOLDER.resolve("root/ops")).strip();
    }

    static void awaitAttached(SchedulerProcess process) throws IOException, InterruptedException {
        process.until("it is attached", () -> state().equals("enabled"));
    }

    /// Waits until no scheduler is attached.
    ///
    /// @return how long that took
    static Duration awaitDetached() throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!state().equals("disabled")) {
            Thread.sleep(5);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
