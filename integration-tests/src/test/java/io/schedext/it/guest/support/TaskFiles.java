// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What /proc says of one task, read anew by each call; an [UncheckedIOException] when it has
/// ended.
///
/// @param folder /proc/PID, or /proc/PID/task/TID
public record TaskFiles(Path folder) {

    /// Those of a process.
    public static TaskFiles of(long pid) {
        return new TaskFiles(Path.of("/proc/" + pid));
    }

    /// Those of one thread of a process.
    public static TaskFiles of(long tgid, long pid) {
        return new TaskFiles(Path.of("/proc/" + tgid + "/task/" + pid));
    }

    /// Those of all threads of this JVM.
    public static List<TaskFiles> own() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.map(TaskFiles::new).toList();
        }
    }

    /// Those of the thread of this JVM that has this name.
    public static TaskFiles own(String name) throws IOException {
        return own().stream()
                .filter(thread -> thread.isNamed(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no thread " + name));
    }

    private boolean isNamed(String name) {
        try {
            return comm().equals(name);
        } catch (UncheckedIOException e) {
            return false; // it has ended
        }
    }

    /// The task's id.
    public long id() {
        return Long.parseLong(folder.getFileName().toString());
    }

    /// The task's name.
    public String comm() {
        return read("comm").strip();
    }

    /// Its status, a line for each field.
    public String status() {
        return read("status");
    }

    /// The function of the kernel it sleeps in, or 0.
    public String waitsIn() {
        return read("wchan");
    }

    /// The fields of its stat from the third on, which is its state: the second is its name, which
    /// may contain anything.
    public String[] stat() {
        String stat = read("stat");
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    /// How long it ran since it was born.
    public long runtimeNs() {
        return schedstat(0);
    }

    /// Waits until it has run some more.
    public void awaitRun() throws InterruptedException {
        long before = runtimeNs();
        Await.until(5, "task " + id() + " runs", () -> runtimeNs() > before);
    }

    /// How often it was switched to.
    public long runs() {
        return schedstat(2);
    }

    private long schedstat(int field) {
        return Long.parseLong(read("schedstat").strip().split(" ")[field]);
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
