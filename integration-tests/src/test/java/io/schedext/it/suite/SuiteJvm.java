// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import io.schedext.it.cli.Launch;
import io.schedext.kernelvm.VmOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How the JVM in the guest is started: quickly, for there it is ten times slower.
///
/// The host starts it once before, without running any test, to make an archive of the classes it
/// loads (AppCDS). It is not an AOT cache on purpose: that one holds machine code for the host's
/// CPU, which is not the guest's.
final class SuiteJvm {
    private static final String MAIN_CLASS = "io.schedext.it.guest.GuestSuite";
    private static final String ARCHIVE = "suite.jsa";
    private static final int TRAINING_SECONDS = 60;

    private final GuestClassPath classPath;

    private SuiteJvm(GuestClassPath classPath) {
        this.classPath = classPath;
    }

    /// Copies the class path to a folder, and makes the archive there.
    static SuiteJvm prepare(Path folder) {
        SuiteJvm jvm = new SuiteJvm(GuestClassPath.stage(folder));
        jvm.train();
        return jvm;
    }

    /// The folder to mount.
    Path folder() {
        return classPath.folder();
    }

    /// The words of the command, to which a file with names to skip may be added.
    List<String> command(VmOptions options, GuestSelection selection) {
        List<String> words = java();
        words.addAll(
                List.of(
                        "-XX:SharedArchiveFile=" + folder().resolve(ARCHIVE),
                        "-XX:ErrorFile=/out/hs_err_%p.log",
                        "-Dscx.kernel=" + options.kernel(),
                        "-Dscx.images=" + System.getProperty("scx.images", ""),
                        "-Dscx.cpus=" + options.cpus(),
                        "-Dscx.only=" + selection.only(),
                        "-Dscx.tags=" + selection.tags(),
                        "-Dscx.test.limit=" + selection.limit().toSeconds(),
                        "-cp",
                        classPath.value(),
                        MAIN_CLASS));
        return words;
    }

    /// What both starts must have in common, or the archive is not used.
    private static List<String> java() {
        List<String> words = new ArrayList<>();
        words.add(System.getProperty("java.home") + "/bin/java");
        words.addAll(Launch.COMPILER);
        words.addAll(
                List.of(
                        // There are few CPUs, and slow ones: the simplest collector finishes first.
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED",
                        // An archive that does not fit is no reason for noise: the JVM starts
                        // without it.
                        "-Xlog:cds=off",
                        "-Xlog:aot=off"));
        return words;
    }

    private void train() {
        List<String> words = java();
        words.addAll(
                List.of(
                        "-XX:ArchiveClassesAtExit=" + folder().resolve(ARCHIVE),
                        "-D" + GuestSelection.DRY + "=true",
                        "-cp",
                        classPath.value(),
                        MAIN_CLASS));
        try {
            Process process =
                    new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS)) {
                // It only makes the start slower.
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot start a JVM", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
