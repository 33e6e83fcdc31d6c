// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A run of the guest's program of loads whose work can be counted (`vm/image/load.c`). What it
/// counted comes out at its end.
public final class LoadProgram implements AutoCloseable {

    private final Process process;
    private final String what;

    private LoadProgram(List<String> words) throws IOException {
        what = String.join(" ", words);
        process = new ProcessBuilder(words).redirectError(Redirect.INHERIT).start();
    }

    /// Starts a load.
    ///
    /// @param words its name and arguments
    public static LoadProgram start(String... words) throws IOException {
        return startBy(List.of(), words);
    }

    /// Starts a load by another program that becomes it, `taskset` say.
    public static LoadProgram startBy(List<String> by, String... words) throws IOException {
        List<String> line = new ArrayList<>(by);
        line.add("/scx/load");
        line.addAll(List.of(words));
        return new LoadProgram(line);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end.
    ///
    /// @return its exit status; 128 and the signal if it was killed
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    /// Waits for its end in good order.
    ///
    /// @return the numbers it printed
    public List<Long> numbers() throws IOException, InterruptedException {
        String out;
        try (var in = process.getInputStream()) {
            out = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
        int status = await();
        if (status != 0) {
            throw new AssertionError(what + " ended with status " + status);
        }
        return Stream.of(out.split(" ")).map(Long::parseLong).toList();
    }

    /// Kills it if it still runs. Its children go with it: they ask the kernel for that.
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
