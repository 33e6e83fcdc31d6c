// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import java.io.IOException;

/// Keeps one CPU from every task of the class SCHED_EXT: a process of the class above it that never
/// sleeps.
final class FairHog implements AutoCloseable {

    private final Process process;

    private FairHog(Process process) {
        this.process = process;
    }

    /// Starts it, and returns when it runs.
    static FairHog on(int cpu) throws IOException {
        Process process =
                new ProcessBuilder(
                                "taskset",
                                "-c",
                                Integer.toString(cpu),
                                "perl",
                                "-e",
                                "$| = 1; print qq(runs\\n); 1 while 1")
                        .redirectErrorStream(true)
                        .start();
        FairHog hog = new FairHog(process);
        int first = process.getInputStream().read();
        if (first != 'r') {
            hog.close();
            throw new AssertionError("the hog on CPU " + cpu + " did not start");
        }
        return hog;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
