// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Takes CPUs off line, and brings them back when it is closed. A scheduler must be attached and
/// detached within: a change under it ends it.
final class OnlineCpus implements AutoCloseable {

    private static final Path CPUS = Path.of("/sys/devices/system/cpu");
    private static final int ALL = Runtime.getRuntime().availableProcessors();

    private final int count;

    private OnlineCpus(int count) {
        this.count = count;
    }

    /// Leaves the first CPUs on line.
    ///
    /// @param count how many, 1 to all
    static OnlineCpus first(int count) throws IOException {
        OnlineCpus cpus = new OnlineCpus(count);
        try {
            cpus.set("0");
        } catch (IOException e) {
            cpus.close();
            throw e;
        }
        return cpus;
    }

    /// All there are.
    static int all() {
        return ALL;
    }

    int count() {
        return count;
    }

    private void set(String online) throws IOException {
        for (int cpu = count; cpu < ALL; cpu++) {
            Path file = CPUS.resolve("cpu" + cpu + "/online");
            if (!Files.readString(file).strip().equals(online)) {
                Files.writeString(file, online);
            }
        }
    }

    @Override
    public void close() throws IOException {
        set("1");
    }
}
