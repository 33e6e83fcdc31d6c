// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.schedext.core.ExitStatus;
import io.schedext.it.cli.Launch;
import io.schedext.it.image.BareMachine.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// What an image promises to those who take it to another machine.
@ParameterizedClass
@ValueSource(strings = {"rlfifo", "vruntime"})
@Timeout(120)
class ImageIT {

    private static final long MOST_BYTES = 60L << 20;
    private static final Pattern LIBC_VERSION = Pattern.compile("GLIBC_(\\d+)\\.(\\d+)");
    private static final Pattern LIBC_STATED = Pattern.compile("GLIBC_MINIMUM=\"(\\d+)\\.(\\d+)\"");

    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    private final String name;
    private final Path image;

    @TempDir private Path folder;

    ImageIT(String name) {
        this.name = name;
        image = Launch.image(name);
    }

    private Outcome start(Path launcher, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Stream<String> settings =
                environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue());
        return BareMachine.run(
                Stream.of(
                                Stream.of("env"),
                                settings,
                                Stream.of(launcher.toString()),
                                Stream.of(arguments))
                        .flatMap(words -> words)
                        .toList(),
                folder);
    }

    private static void assertStarts(Outcome outcome, String name) {
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).matches(name + " \\d.*\n");
        assertThat(outcome.status()).isZero();
    }

    @Test
    void runsWhereThereIsNeitherJavaNorLibbpf() throws Exception {
        BareMachine bare = BareMachine.with(name, Path.of("target/bare", name).toAbsolutePath());
        assertStarts(bare.run("--version"), name);

        // made-up tasks, for the host's kernel is not to be scheduled; libbpf is the real one
        Outcome trained = bare.run("--training-run");
        assertThat(trained.err()).isEqualTo(name + ": " + name + " is in training\n");
        assertThat(trained.out()).contains("ended: UNREGISTERED: end of the training");
        assertThat(trained.status()).isZero();

        Files.delete(bare.image().resolve("lib/libelf.so.1"));
        Outcome without = bare.run("--training-run");
        assertThat(without.status()).isEqualTo(ExitStatus.NO_LIBBPF.code());
        assertThat(without.err()).contains("lib/libbpf.so.1: libelf.so.1: cannot open shared");

        Files.delete(bare.image().resolve("lib/libbpf.so.1"));
        assertThat(bare.run("--training-run").status()).isEqualTo(ExitStatus.NO_LIBBPF.code());
    }

    @Test
    void onAMachineWithoutSchedExtThatIsAllThatIsMissing() throws Exception {
        assumeFalse(
                Files.isDirectory(Path.of("/sys/kernel/sched_ext")),
                "this machine has sched_ext, and nothing is ever attached to it by a test");
        Outcome outcome = start(image.resolve("bin").resolve(name), Map.of());
        assertThat(outcome.err()).startsWith(name + ": This kernel has no sched_ext: ");
        assertThat(outcome.status()).isEqualTo(ExitStatus.NO_SCHED_EXT.code());
    }

    @Test
    void isSmallAndHoldsWhatIsNeeded() throws Exception {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(image)) {
            for (Path file : files.filter(f -> !f.toString().endsWith(".aot")).toList()) {
                bytes +=
                        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
            }
        }
        assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
        String release = Files.readString(image.resolve("release"));
        String modules = release.replaceAll("(?s).*MODULES=\"([^\"]*)\".*", "$1");
        assertThat(modules.split(" "))
                .containsExactlyInAnyOrder(
                        "java.base",
                        "java.management", // Logback asks for it; the loop's health too
                        "java.xml", // Logback
                        "jdk.management",
                        "ch.qos.logback.classic",
                        "ch.qos.logback.core",
                        "info.picocli",
                        "io.schedext.bpf",
                        "io.schedext.cli",
                        "io.schedext.core",
                        "io.schedext." + name,
                        "org.slf4j");
    }

    /// By the names of versions in the files, whatever they are there for.
    @Test
    void statesTheOldestCLibraryItRunsWith() throws Exception {
        int newest = 0;
        try (Stream<Path> files = Files.walk(image)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (Arrays.equals(bytes, 0, Math.min(4, bytes.length), ELF, 0, 4)) {
                    String text = new String(bytes, StandardCharsets.ISO_8859_1);
                    newest = Math.max(newest, newest(LIBC_VERSION, text));
                }
            }
        }
        assertThat(newest).isGreaterThan(2_000);
        assertThat(newest(LIBC_STATED, Files.readString(image.resolve("release"))))
                .isEqualTo(newest);
    }

    private static int newest(Pattern version, String text) {
        return version.matcher(text).results().mapToInt(ImageIT::number).max().orElse(0);
    }

    private static int number(MatchResult version) {
        return Integer.parseInt(version.group(1)) * 1_000 + Integer.parseInt(version.group(2));
    }

    @Test
    void listsTheLicenceOfEachModuleAndLibrary() throws Exception {
        Map<String, String> listed = new HashMap<>();
        for (String line : Files.readAllLines(image.resolve("legal/libraries"))) {
            int colon = line.indexOf(": ");
            listed.put(line.substring(0, colon), line.substring(colon + 2));
        }
        assertThat(listed.keySet())
                .contains("lib/libbpf.so.1", "lib/libelf.so.1", "lib/libz.so.1")
                .contains("module io.schedext." + name, "module org.slf4j", "module info.picocli");
        assertThat(listed.values())
                .allMatch(what -> what.contains("see legal/") || what.contains("https://"));
        for (String library : List.of("libbpf.so.1", "libelf.so.1", "libz.so.1")) {
            try (Stream<Path> texts = Files.list(image.resolve("legal").resolve(library))) {
                assertThat(texts).as(library).isNotEmpty();
            }
        }
    }

    @Test
    void startsThroughLinksAndWhateverIsSetForOtherJavaPrograms() throws Exception {
        Path launcher = image.resolve("bin").resolve(name);
        Path first = Files.createSymbolicLink(folder.resolve("first"), launcher);
        Path second = folder.resolve("a folder/second");
        Files.createDirectories(second.getParent());
        Files.createSymbolicLink(second, Path.of("../first"));
        assertStarts(start(second, Map.of(), "--version"), name);
        assertStarts(start(first, Map.of("CDPATH", "/usr:/"), "--version"), name);
        assertStarts(
                start(
                        launcher,
                        Map.of(
                                "JAVA_HOME", "/nowhere",
                                "JAVA_TOOL_OPTIONS", "-Xmx1m -XX:+Nonsense",
                                "JDK_JAVA_OPTIONS", "--nonsense",
                                "_JAVA_OPTIONS", "-Xms5g",
                                "CLASSPATH", "/nowhere.jar",
                                "PATH", "/nowhere"),
                        "--version"),
                name);
    }

    @Test
    void passesOnOptionsForTheJvmAndArgumentsAsTheyAre() throws Exception {
        Path launcher = image.resolve("bin").resolve(name);
        Outcome outcome = start(launcher, Map.of("SCX_JVM_OPTIONS", "-Xmx1m -Xms2m"), "--version");
        assertThat(outcome.out() + outcome.err()).contains("Initial heap size set to a larger");
        Outcome refused = start(launcher, Map.of(), "--stats", "now and then", "@nothing");
        assertThat(refused.status()).isEqualTo(ExitStatus.USAGE.code());
        assertThat(refused.err()).contains("'--stats': 'now and then' is not a double");
    }

    /// With the options that the launcher has, a cache that is not used whole is an error.
    @Test
    void usesItsCacheOfClassesWhole() throws Exception {
        Path launcher = image.resolve("bin").resolve(name);
        // ours come first, and of equal options the last one counts: but not of outputs
        Outcome outcome =
                start(
                        launcher,
                        Map.of(
                                "SCX_JVM_OPTIONS",
                                "-XX:AOTMode=on -Xlog:aot=info -Xlog:class+load:file="
                                        + folder.resolve("classes")),
                        "--version");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .contains("full module graph: enabled")
                .contains("Using AOT-linked classes: true");
        try (Stream<String> lines = Files.lines(folder.resolve("classes"))) {
            assertThat(
                            lines.filter(line -> line.contains(" io.schedext."))
                                    .filter(line -> !line.contains("/0x")))
                    .as("classes of ours, hidden ones aside")
                    .isNotEmpty()
                    .allMatch(line -> line.contains("shared objects file"));
        }
    }

    @Test
    void startsWithoutItsCacheAndWithOneThatDoesNotFit() throws Exception {
        Path copy = folder.resolve("copy");
        Outcome copied = BareMachine.run(List.of("cp", "-a", image.toString(), copy + ""), folder);
        assertThat(copied.status()).isZero();
        Path launcher = copy.resolve("bin").resolve(name);
        Path cache = copy.resolve("lib").resolve(name + ".aot");
        Files.write(cache, "another JVM's".getBytes(StandardCharsets.UTF_8));
        assertStarts(start(launcher, Map.of(), "--version"), name);
        Files.delete(cache);
        assertStarts(start(launcher, Map.of(), "--version"), name);
    }
}
