// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A started executable. [#close()] kills it if it still runs.
public final class SchedulerProcess implements AutoCloseable {

    /// To start, or to end in good order; an emulated JVM takes a while.
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Path out;
    private final Path err;

    private SchedulerProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static SchedulerProcess start(Launch launch, boolean keepOutput) throws IOException {
        Path out = Files.createTempFile("scheduler", ".out");
        Path err = Files.createTempFile("scheduler", ".err");
        Process process =
                new ProcessBuilder(launch.words())
                        .directory(out.getParent().toFile())
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(keepOutput ? Redirect.to(out.toFile()) : Redirect.PIPE)
                        .redirectError(err.toFile())
                        .start();
        return new SchedulerProcess(process, out, err);
    }

    /// Sends a signal, by its name without SIG.
    public void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor())
                .isZero();
    }

    /// Closes the reader's end of its output, if that is a pipe.
    public void closeReader() throws IOException {
        process.getInputStream().close();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end.
    ///
    /// @return its exit status
    /// @throws AssertionError when it does not end
    public int await() throws IOException, InterruptedException {
        return await(PATIENCE);
    }

    /// Waits for its end, no longer than this.
    ///
    /// @return its exit status
    /// @throws AssertionError when it does not end
    public int await(Duration patience) throws IOException, InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it did not end within " + patience + ":\n" + said());
        }
        return process.exitValue();
    }

    /// Waits until a condition holds, or it has ended.
    ///
    /// @param what the condition, for the failure
    /// @throws AssertionError when it has ended, or the condition never holds
    public void until(String what, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (!process.isAlive()) {
                throw new AssertionError(
                        "ended with status " + process.exitValue() + " before " + what + said());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + PATIENCE + ": " + what + said());
            }
            Thread.sleep(50);
        }
    }

    /// Something that will be true.
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException;
    }

    /// What it wrote to standard output so far.
    public List<String> out() throws IOException {
        return Files.readAllLines(out);
    }

    /// What it wrote to standard error so far.
    public List<String> err() throws IOException {
        return Files.readAllLines(err);
    }

    private String said() throws IOException {
        return "\nits output:\n" + Files.readString(out) + Files.readString(err);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        Files.delete(out);
        Files.delete(err);
    }
}
