// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How a process is started: the words of its command line. Immutable.
///
/// @param words the program and its arguments
public record Launch(List<String> words) {

    /// An emulated CPU may run an instruction that another one is just writing, and compiled code
    /// that replaces compiled code is that: only one compiler, then, and the simplest. To compile
    /// is dear there too: what a start does once or twice is interpreted, which halves it.
    public static final List<String> COMPILER =
            List.of("-XX:TieredStopAtLevel=1", "-XX:CompileThresholdScaling=10");

    /// What the launcher of an image passes on to the JVM.
    private static final String JVM_OPTIONS = "SCX_JVM_OPTIONS=";

    public Launch {
        words = List.copyOf(words);
    }

    /// A scheduler as users get it: the launcher of its image (`./scx image`), which is in the
    /// folder that the system property `scx.images` names.
    ///
    /// @param name rlfifo or vruntime
    public static Launch scheduler(String name, String... options) {
        List<String> words = new ArrayList<>();
        words.add("env");
        words.add(JVM_OPTIONS + String.join(" ", COMPILER));
        words.add(image(name).resolve("bin").resolve(name).toString());
        words.addAll(List.of(options));
        return new Launch(words);
    }

    /// The folder of a scheduler's image.
    ///
    /// @param name rlfifo or vruntime
    public static Path image(String name) {
        return Path.of(System.getProperty("scx.images")).resolve(name);
    }

    /// A scheduler as `./scx run` starts it: its module, with the options in `build/jvm-options`.
    ///
    /// @param name rlfifo or vruntime
    public static Launch modules(String name, String... options) {
        List<String> words = java();
        words.addAll(
                List.of(
                        "--illegal-native-access=deny",
                        "--module-path",
                        modulePath(),
                        "--module",
                        "io.schedext." + name));
        words.addAll(List.of(options));
        return new Launch(words);
    }

    /// A test's own program, on this JVM's class path.
    public static Launch program(Class<?> main) {
        List<String> words = java();
        words.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName()));
        return new Launch(words);
    }

    /// The same, with more options of the JVM, which overrule earlier ones.
    public Launch option(String... options) {
        List<String> all = new ArrayList<>(words);
        int at = indexOf(JVM_OPTIONS);
        if (at < all.size()) {
            all.set(at, all.get(at) + " " + String.join(" ", options));
        } else {
            all.addAll(indexOf("@") + 1, List.of(options));
        }
        return new Launch(all);
    }

    /// Where the first word is that begins like this; behind the last one if none does.
    private int indexOf(String beginning) {
        int at = 0;
        while (at < words.size() && !words.get(at).startsWith(beginning)) {
            at++;
        }
        return at;
    }

    /// The same, without a log: emulated, Logback is a third of what a JVM takes to start.
    public Launch withoutLog() {
        return option(
                "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider",
                "-Dslf4j.internal.verbosity=WARN");
    }

    /// The same, with more arguments.
    public Launch with(String... arguments) {
        return new Launch(Stream.concat(words.stream(), Stream.of(arguments)).toList());
    }

    /// The same, started by another program that becomes it, `setpriv` say.
    public Launch by(String... program) {
        return new Launch(Stream.concat(Stream.of(program), words.stream()).toList());
    }

    /// The same, with classes or resources of a module replaced by those in a folder.
    public Launch patched(String module, Path folder) {
        return option("--patch-module=" + module + "=" + folder);
    }

    /// Starts it, and keeps what it says.
    public SchedulerProcess start() throws IOException {
        return SchedulerProcess.start(this, true);
    }

    /// Starts it with a pipe for its standard output that nobody reads.
    public SchedulerProcess startUnread() throws IOException {
        return SchedulerProcess.start(this, false);
    }

    /// The options of a JVM that schedules, for somebody else's program.
    public static List<String> jvm() {
        List<String> words = new ArrayList<>();
        words.add("@" + jvmOptions());
        words.addAll(COMPILER);
        return words;
    }

    private static List<String> java() {
        List<String> words = jvm();
        words.addFirst(System.getProperty("java.home") + "/bin/java");
        return words;
    }

    private static Path jvmOptions() {
        try (InputStream in = Launch.class.getResourceAsStream("/jvm-options")) {
            Path file = Files.createTempFile("jvm-options", "");
            file.toFile().deleteOnExit();
            Files.write(file, in.readAllBytes());
            // for those who run as somebody else
            file.toFile().setReadable(true, false);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What of the class path is a module that names itself.
    private static String modulePath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> isExplicitModule(Path.of(entry)))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isExplicitModule(Path entry) {
        try {
            return ModuleFinder.of(entry).findAll().stream()
                    .anyMatch(module -> !module.descriptor().isAutomatic());
        } catch (FindException e) {
            return false; // no module at all
        }
    }
}
