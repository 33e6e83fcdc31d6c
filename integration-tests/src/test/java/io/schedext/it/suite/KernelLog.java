// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The running kernel's log, followed by a thread of its own through `/dev/kmsg`.
///
/// Places in it are marks that are written to the log itself, so they are there for whoever reads
/// the console later, and what comes between two of them is exact. Any thread may call.
public final class KernelLog {
    private static final Path DEVICE = Path.of("/dev/kmsg");

    /// A record is at most this many bytes long (CONSOLE_EXT_LOG_MAX).
    private static final int RECORD_BYTES = 8192;

    private final List<String> lines = new ArrayList<>();

    private KernelLog() {}

    /// Begins to follow the log, from its oldest record.
    public static KernelLog follow() {
        KernelLog log = new KernelLog();
        Thread.ofPlatform().daemon().name("kernel-log").start(log::read);
        return log;
    }

    /// Writes a line to the log and waits until it has been read back.
    ///
    /// @return the number of lines before it
    /// @throws IllegalStateException when it is not seen in time: this JVM or the kernel is in
    ///   trouble
    public int mark(String text, Duration patience) {
        String line = "scx-test: " + text + " #" + System.nanoTime();
        try {
            Files.writeString(DEVICE, "<6>" + line + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to the kernel's log", e);
        }
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (lines) {
            int at = 0;
            while (true) {
                for (; at < lines.size(); at++) {
                    if (lines.get(at).endsWith(line)) {
                        return at;
                    }
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IllegalStateException(
                            "the kernel's log was not read within " + patience.toSeconds() + " s");
                }
                await(left);
            }
        }
    }

    /// The lines in this range of line numbers.
    public List<String> lines(int from, int to) {
        synchronized (lines) {
            return List.copyOf(lines.subList(from, to));
        }
    }

    /// The last lines.
    public List<String> tail(int count) {
        synchronized (lines) {
            return List.copyOf(lines.subList(Math.max(0, lines.size() - count), lines.size()));
        }
    }

    private void await(long millis) {
        try {
            lines.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the kernel's log was read", e);
        }
    }

    private void read() {
        byte[] buffer = new byte[RECORD_BYTES];
        try (var in = new FileInputStream(DEVICE.toFile())) {
            while (true) {
                try {
                    int length = in.read(buffer);
                    if (length < 0) {
                        return;
                    }
                    add(new String(buffer, 0, length, StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // EPIPE: records were overwritten before they were read; reading goes on behind
                    // the gap.
                    add(
                            "6,0,0,-;scx-test: records of the kernel's log were lost: "
                                    + e.getMessage());
                }
            }
        } catch (IOException e) {
            add("6,0,0,-;scx-test: the kernel's log cannot be read: " + e.getMessage());
        }
    }

    /// A record is `priority,sequence,microseconds,flags;message`, then lines of key and value that
    /// begin with a blank.
    private void add(String rawRecord) {
        int end = rawRecord.indexOf('\n');
        String line = end < 0 ? rawRecord : rawRecord.substring(0, end);
        synchronized (lines) {
            lines.add(format(line));
            lines.notifyAll();
        }
    }

    static String format(String line) {
        int semicolon = line.indexOf(';');
        String[] prefix = semicolon < 0 ? new String[0] : line.substring(0, semicolon).split(",");
        if (prefix.length < 3) {
            return line;
        }
        long micros = Long.parseLong(prefix[2]);
        return "[%5d.%06d] %s"
                .formatted(micros / 1_000_000, micros % 1_000_000, line.substring(semicolon + 1));
    }
}
