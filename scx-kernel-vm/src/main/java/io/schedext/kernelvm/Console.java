// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// What the guest's console and the program that boots it have said: kept in a file, its end in
/// memory.
final class Console implements AutoCloseable {
    private static final int TAIL_LINES = 40;
    private static final String OURS = "scx-vm: ";
    private static final String ACCELERATION = OURS + "acceleration ";
    private static final String NO_KVM = OURS + "no KVM: ";

    private final Writer file;
    private final Deque<String> tail = new ArrayDeque<>();
    private Acceleration acceleration;
    private String whyNotKvm = "";
    private boolean kernelUp;

    Console(Path path) {
        try {
            Files.createDirectories(path.getParent());
            file = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the guest's console to " + path, e);
        }
    }

    /// Takes what was said, one line or several.
    synchronized void accept(String text) {
        text.lines().forEach(this::acceptLine);
        try {
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void acceptLine(String line) {
        if (line.startsWith(ACCELERATION)) {
            acceleration = Acceleration.parse(line.substring(ACCELERATION.length()));
        } else if (line.startsWith(NO_KVM)) {
            whyNotKvm = line.substring(NO_KVM.length());
        } else if (line.contains("scx-guest: kernel is up")) {
            kernelUp = true;
        }
        tail.addLast(line);
        if (tail.size() > TAIL_LINES) {
            tail.removeFirst();
        }
        try {
            file.write(line);
            file.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How the guest runs, as soon as it is decided: never [Acceleration#AUTO].
    synchronized Optional<Acceleration> acceleration() {
        return Optional.ofNullable(acceleration);
    }

    /// Why hardware virtualisation was not used, empty when it was or was not tried.
    synchronized String whyNotKvm() {
        return whyNotKvm;
    }

    synchronized boolean kernelUp() {
        return kernelUp;
    }

    /// The last lines, for error messages.
    synchronized String tail() {
        return String.join("\n", tail);
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
