// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibbpfFinderTest {
    private static final String ADVICE =
            "; install the package libbpf1 (Debian 13, Ubuntu 24.10, Debian 12 from its backports), libbpf (Fedora,"
                    + " Arch) or libbpf1 (openSUSE), or give the path of a libbpf.so.1";

    @TempDir private Path folder;

    @Test
    void saysThatTheGivenFileIsNotThere() {
        Path absent = folder.resolve("mine.so");
        assertNotFound(
                finder("libc.so.6"),
                Optional.of(absent),
                "no libbpf 1.4 or newer was found: "
                        + absent
                        + ": cannot open shared object file: No such file or directory"
                        + ADVICE);
    }

    @Test
    void looksInAGivenFolder() {
        assertNotFound(
                finder("libc.so.6"),
                Optional.of(folder),
                "no libbpf 1.4 or newer was found: "
                        + folder.resolve("libbpf.so.1")
                        + ": cannot open shared object file: No such file or directory"
                        + ADVICE);
    }

    @Test
    void saysThatAGivenFileIsNoLibrary() throws Exception {
        Path text =
                Files.writeString(
                        folder.resolve("libbpf.so.1"),
                        "just text, and long enough for an ELF header");
        assertNotFound(
                finder("libc.so.6"),
                Optional.of(text),
                "no libbpf 1.4 or newer was found: " + text + ": file too short" + ADVICE);
    }

    @Test
    void saysThatALibraryIsNotLibbpf() {
        assertNotFound(
                finder("libc.so.6"),
                Optional.empty(),
                "no libbpf 1.4 or newer was found: "
                        + folder.resolve("lib/libbpf.so.1")
                        + ": not there; libc.so.6: it is no libbpf"
                        + ADVICE);
    }

    @Test
    void triesTheImageAndThenTheSystem() throws Exception {
        Path carried = Files.createDirectories(folder.resolve("lib")).resolve("libbpf.so.1");
        Files.writeString(carried, "x");
        assertNotFound(
                finder("libabsent.so.1"),
                Optional.empty(),
                "no libbpf 1.4 or newer was found: "
                        + carried
                        + ": file too short; libabsent.so.1: cannot open shared object file: No such file or directory"
                        + ADVICE);
    }

    @Test
    void saysThatALibraryIsTooOldAndWhatItLacks() {
        FakeLibbpf old = new FakeLibbpf().version(1, 1);
        LibbpfFinder finder =
                new LibbpfFinder(folder, "libbpf.so.1", name -> new NativeLibrary(name, old));
        assertThatExceptionOfType(LibbpfFinder.NotFound.class)
                .isThrownBy(() -> finder.find(Optional.empty()))
                .withMessageContaining(
                        "libbpf.so.1: it is version 1.1, which cannot attach a struct_ops map through a link, ")
                .satisfies(e -> assertThat(e.tooOld()).isTrue());
    }

    @Test
    void saysThatALibraryIsTooOldToTellItsVersion() {
        FakeLibbpf old = new FakeLibbpf().without("libbpf_major_version");
        LibbpfFinder finder =
                new LibbpfFinder(folder, "libbpf.so.1", name -> new NativeLibrary(name, old));
        assertThatExceptionOfType(LibbpfFinder.NotFound.class)
                .isThrownBy(() -> finder.find(Optional.empty()))
                .withMessageContaining("it does not tell its version, so it is older than 0.6");
    }

    @Test
    void goesPastALibraryThatIsTooOld() throws Exception {
        Files.writeString(
                Files.createDirectories(folder.resolve("lib")).resolve("libbpf.so.1"), "x");
        FakeLibbpf old = new FakeLibbpf().version(1, 3);
        FakeLibbpf fit = new FakeLibbpf().version(1, 5);
        LibbpfFinder finder =
                new LibbpfFinder(
                        folder,
                        "libbpf.so.1",
                        name -> new NativeLibrary(name, name.startsWith("/") ? old : fit));
        LibbpfFinder.Found found = finder.find(Optional.empty());
        assertThat(found.version()).isEqualTo(new LibbpfVersion(1, 5));
        assertThat(fit.calls()).containsExactly("libbpf_set_print");
    }

    /// The JVM's own libraries stand in for libbpf and what it needs: libnio needs libnet and
    /// libjava, and libnet needs libjava too.
    @Test
    void loadsWhatACarriedLibraryNeedsBeforeIt() throws Exception {
        Path lib = Files.createDirectories(folder.resolve("lib"));
        Path jvm = Path.of(System.getProperty("java.home"), "lib");
        Files.copy(jvm.resolve("libnio.so"), lib.resolve("libbpf.so.1"));
        Files.copy(jvm.resolve("libnet.so"), lib.resolve("libnet.so"));
        Files.copy(jvm.resolve("libjava.so"), lib.resolve("libjava.so"));
        List<String> loaded = new ArrayList<>();
        LibbpfFinder finder =
                new LibbpfFinder(
                        folder,
                        "libbpf.so.1",
                        name -> {
                            loaded.add(name);
                            return new NativeLibrary(name, new FakeLibbpf());
                        });
        finder.find(Optional.empty());
        assertThat(loaded)
                .hasSize(3)
                .contains(lib.resolve("libnet.so").toString())
                .startsWith(lib.resolve("libjava.so").toString())
                .endsWith(lib.resolve("libbpf.so.1").toString());

        loaded.clear();
        Path mine = Files.move(lib, folder.resolve("mine"));
        finder.find(Optional.of(mine));
        assertThat(loaded)
                .as("a library of the user's finds what it needs by itself")
                .containsExactly(mine.resolve("libbpf.so.1").toString());
    }

    private LibbpfFinder finder(String systemName) {
        return new LibbpfFinder(folder, systemName, NativeLibrary::load);
    }

    private static void assertNotFound(
            LibbpfFinder finder, Optional<Path> userPath, String message) {
        assertThatExceptionOfType(LibbpfFinder.NotFound.class)
                .isThrownBy(() -> finder.find(userPath))
                .withMessage(message)
                .satisfies(e -> assertThat(e.tooOld()).isFalse());
    }
}
