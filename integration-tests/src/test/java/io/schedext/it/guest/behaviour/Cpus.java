// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The guest's CPUs.
final class Cpus {

    static final int COUNT = Runtime.getRuntime().availableProcessors();

    private static final Path DEVICES = Path.of("/sys/devices/system/cpu");

    private Cpus() {}

    /// Takes a CPU off line, or brings it back.
    static void online(int cpu, boolean on) throws IOException {
        Files.writeString(DEVICES.resolve("cpu" + cpu + "/online"), on ? "1" : "0");
    }
}
