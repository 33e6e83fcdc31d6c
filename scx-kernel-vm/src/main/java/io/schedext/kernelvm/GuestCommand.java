// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A command for the guest: no shell is involved, its words are passed as they are.
///
/// @param words program and arguments
/// @param environment variables on top of the agent's own (`PATH`, `HOME`, `LANG`)
/// @param folder where it runs; the guest's root is read-only, `/tmp` and `/out` are not
public record GuestCommand(List<String> words, Map<String, String> environment, String folder) {
    private static final String AGENT_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// Copies what it is given.
    ///
    /// @throws IllegalArgumentException when there is no word
    public GuestCommand {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has at least one word");
        }
    }

    /// A command that runs in `/tmp` with the agent's environment.
    public static GuestCommand of(String... words) {
        return new GuestCommand(List.of(words), Map.of(), "/tmp");
    }

    /// The same command run by `bash -c`, for pipes and redirections.
    public static GuestCommand script(String script) {
        return of("bash", "-c", script);
    }

    /// The same command with this JVM's JDK as `JAVA_HOME` and first in `PATH`; the guest must have
    /// it mounted.
    public GuestCommand withJdk() {
        String jdk = System.getProperty("java.home");
        Map<String, String> more = new HashMap<>(environment);
        more.put("JAVA_HOME", jdk);
        more.put("PATH", jdk + "/bin:" + AGENT_PATH);
        return new GuestCommand(words, more, folder);
    }

    /// The payload of a START frame: folder, number of variables, variables, words, each ended by
    /// NUL.
    byte[] encode() {
        List<String> parts = new ArrayList<>();
        parts.add(folder);
        parts.add(Integer.toString(environment.size()));
        environment.forEach((name, value) -> parts.add(name + "=" + value));
        parts.addAll(words);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String part : parts) {
            if (part.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a command cannot hold NUL: " + part);
            }
            bytes.writeBytes(part.getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
