// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// An OSGi framework in a JVM of its own, with SLF4J, Logback and this project's bundles installed.
public final class FrameworkProcess implements AutoCloseable {

    /// Frameworks, by a class of each.
    public enum Kind {
        FELIX("org.apache.felix.framework.Felix"),
        EQUINOX("org.eclipse.osgi.launch.Equinox");

        private final String type;

        Kind(String type) {
            this.type = type;
        }
    }

    /// Bundles that everybody needs, started in this order: by a class of each.
    private static final List<String> LIBRARIES =
            List.of(
                    "org.objectweb.asm.ClassReader",
                    "org.objectweb.asm.tree.ClassNode",
                    "org.objectweb.asm.tree.analysis.Analyzer",
                    "org.objectweb.asm.commons.AdviceAdapter",
                    "org.objectweb.asm.util.Printer",
                    "org.apache.aries.spifly.dynamic.DynamicWeavingActivator",
                    "org.slf4j.LoggerFactory",
                    "ch.qos.logback.core.Context",
                    "ch.qos.logback.classic.LoggerContext",
                    "picocli.CommandLine");

    /// Ours.
    private static final List<String> BUNDLES =
            List.of(
                    "io.schedext.bpf.Btf",
                    "io.schedext.core.Policy",
                    "io.schedext.cli.SchedulerCommand",
                    "io.schedext.rlfifo.FifoPolicy",
                    "io.schedext.vruntime.VruntimePolicy",
                    "io.schedext.osgi.SchedulerBundle");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Writer in;
    private final BufferedReader out;
    private final Path log;

    /// Starts it; nothing is resolved and nothing started.
    ///
    /// @param jvm options of the JVM
    public FrameworkProcess(Kind kind, List<String> jvm) throws IOException {
        Path storage = Files.createTempDirectory("osgi");
        log = Files.createTempFile("osgi", ".log");
        List<String> words = new ArrayList<>();
        words.add(System.getProperty("java.home") + "/bin/java");
        words.addAll(jvm);
        words.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        jarOf(kind.type)
                                + File.pathSeparator
                                + jarOf(FrameworkMain.class.getName()),
                        FrameworkMain.class.getName(),
                        storage.toString()));
        process = new ProcessBuilder(words).redirectError(log.toFile()).start();
        in = process.outputWriter();
        out = process.inputReader();
        for (String type : Stream.concat(LIBRARIES.stream(), BUNDLES.stream()).toList()) {
            does("install " + jarOf(type));
        }
    }

    /// Where a class comes from: a jar, or a folder.
    private static Path jarOf(String type) {
        String file = type.replace('.', '/') + ".class";
        URL found = FrameworkProcess.class.getClassLoader().getResource(file);
        assertThat(found).as(type).isNotNull();
        String where = found.toString();
        return where.startsWith("jar:")
                ? Path.of(URI.create(where.substring("jar:".length(), where.indexOf("!/"))))
                : Path.of(URI.create(where.substring(0, where.length() - file.length())));
    }

    /// Starts what everybody needs, and our bundles but the schedulers: these are policies.
    public void startLibraries() throws IOException {
        does("resolve");
        for (String name :
                List.of(
                        "org.objectweb.asm",
                        "org.objectweb.asm.tree",
                        "org.objectweb.asm.tree.analysis",
                        "org.objectweb.asm.commons",
                        "org.objectweb.asm.util",
                        "org.apache.aries.spifly.dynamic.bundle",
                        "slf4j.api",
                        "ch.qos.logback.core",
                        "ch.qos.logback.classic",
                        "picocli",
                        "io.schedext.bpf",
                        "io.schedext.core",
                        "io.schedext.cli")) {
            does("start " + name);
        }
    }

    /// Gives a command, and holds that it is done.
    public void does(String command) throws IOException {
        assertThat(ask(command)).as("%s", command).isEqualTo("ok");
    }

    /// Gives a command.
    ///
    /// @return ok, or what it led to
    public String ask(String command) throws IOException {
        in.write(command + "\n");
        in.flush();
        String answer = out.readLine();
        if (answer == null) {
            throw new AssertionError("the framework ended:\n" + log());
        }
        return answer;
    }

    /// What was logged so far.
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until something was logged.
    public void awaitLog(String text) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!log().contains(text)) {
            if (System.nanoTime() - deadline > 0 || !process.isAlive()) {
                throw new AssertionError("it did not log '" + text + "':\n" + log());
            }
            Thread.sleep(20);
        }
    }

    /// Stops the framework, and waits for its end.
    public int quit() throws IOException, InterruptedException {
        in.write("quit\n");
        in.flush();
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
