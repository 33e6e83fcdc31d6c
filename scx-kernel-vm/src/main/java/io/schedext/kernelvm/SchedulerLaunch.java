// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import io.schedext.kernelvm.internal.ModulePath;
import io.schedext.kernelvm.internal.Resources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How a scheduler is started in the guest. Immutable.
///
/// Those that need a JDK get the host's, with the JVM options that this project's own schedulers
/// have: no memory that grows after the attach, the smallest collector, native access for
/// `io.schedext.bpf` and `io.schedext.core` only.
public final class SchedulerLaunch {
    private static final String JVM_OPTIONS = "jvm-options";

    /// Emulated CPUs may run code that is just being replaced: one compiler, then, and the
    /// simplest. And to compile is dear there: what a start does once or twice is interpreted.
    private static final String EMULATED = "-XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=10";

    private final Function<Staging, List<String>> program;
    private final List<String> jvmOptions;
    private final List<String> arguments;

    private SchedulerLaunch(
            Function<Staging, List<String>> program,
            List<String> jvmOptions,
            List<String> arguments) {
        this.program = program;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.arguments = List.copyOf(arguments);
    }

    /// A module that the test itself could run: it, and all that it needs and uses, is looked for
    /// on this JVM's module path and class path.
    ///
    /// @param module the module's name; its jar or folder says which its main class is, unless it
    ///   is given as `module/class`
    /// @throws IllegalArgumentException when it, or what it needs, is not there
    public static SchedulerLaunch module(String module) {
        return module(module, ModulePath.ofThisJvm(module.split("/", 2)[0]));
    }

    /// A module on a module path.
    ///
    /// @param module as [#module(String)] takes it
    /// @param path jars, folders of classes, folders of jars
    public static SchedulerLaunch module(String module, List<Path> path) {
        return java(staging -> List.of("--module-path", copy(staging, path), "--module", module));
    }

    /// A class with a `main` method on a class path. All of it may call native functions then.
    ///
    /// @param mainClass its full name
    /// @param path jars and folders of classes
    public static SchedulerLaunch classPath(String mainClass, List<Path> path) {
        return java(staging ->
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--class-path",
                        copy(staging, path),
                        mainClass));
    }

    /// A program in a folder that has all it needs, a JVM too: what `jlink` makes.
    ///
    /// @param folder the image's
    /// @param launcher its program, relative to the folder, such as `bin/mine`
    public static SchedulerLaunch image(Path folder, String launcher) {
        return new SchedulerLaunch(
                staging -> List.of(staging.copy(folder.toAbsolutePath()) + "/" + launcher),
                List.of(),
                List.of());
    }

    /// The same with more arguments for the scheduler.
    public SchedulerLaunch with(String... more) {
        return new SchedulerLaunch(program, jvmOptions, append(arguments, more));
    }

    /// The same with more options for the JVM, which overrule earlier ones; for an image too.
    public SchedulerLaunch withJvmOptions(String... more) {
        return new SchedulerLaunch(program, append(jvmOptions, more), arguments);
    }

    /// Copies what it needs to where the guest sees it.
    ///
    /// @param emulated whether the guest's CPUs are
    /// @return the command for the guest
    GuestCommand stage(Staging staging, boolean emulated) {
        List<String> words = new ArrayList<>(program.apply(staging));
        words.addAll(arguments);
        GuestCommand command = GuestCommand.of(words.toArray(String[]::new)).withJdk();
        Map<String, String> environment = new HashMap<>(command.environment());
        // Whoever starts the JVM: the first reaches all but images of this project, which have a
        // variable of their own.
        String options =
                Stream.concat(Stream.of(emulated ? EMULATED : ""), jvmOptions.stream())
                        .collect(Collectors.joining(" "))
                        .strip();
        if (!options.isEmpty()) {
            environment.put("JDK_JAVA_OPTIONS", options);
            environment.put("SCX_JVM_OPTIONS", options);
        }
        return new GuestCommand(command.words(), environment, command.folder());
    }

    private static SchedulerLaunch java(Function<Staging, List<String>> rest) {
        return new SchedulerLaunch(
                staging -> {
                    List<String> words = new ArrayList<>();
                    words.add("java");
                    words.add("@" + staging.write(JVM_OPTIONS, Resources.read(JVM_OPTIONS)));
                    words.addAll(rest.apply(staging));
                    return words;
                },
                List.of(),
                List.of());
    }

    private static String copy(Staging staging, List<Path> path) {
        return path.stream()
                .map(entry -> staging.copy(entry.toAbsolutePath()))
                .collect(Collectors.joining(":"));
    }

    private static List<String> append(List<String> words, String... more) {
        return Stream.concat(words.stream(), Stream.of(more)).toList();
    }
}
