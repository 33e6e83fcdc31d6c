// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds a libbpf that is new enough.
///
/// A path the user gives is the only place that counts: whoever names a file wants that file or an
/// error. Otherwise the running image may carry one, and last the system has one.
///
/// What a carried one needs, libelf say, is carried beside it and loaded before it: the dynamic
/// linker takes a library of that name that is in the process already before it looks anywhere. So
/// the files stay as they were built (no run path is written into them) and `LD_LIBRARY_PATH` does
/// not get in between.
public final class LibbpfFinder {
    static final String SONAME = "libbpf.so.1";

    private final Path imageHome;
    private final String systemName;
    private final Loader loader;

    /// Loads a library by path or soname.
    @FunctionalInterface
    interface Loader {
        NativeLibrary load(String name) throws NativeLibrary.CannotLoad;
    }

    /// @param imageHome the running image's folder, `java.home`
    /// @param systemName what the dynamic linker is asked for when nothing else was found
    LibbpfFinder(Path imageHome, String systemName, Loader loader) {
        this.imageHome = imageHome;
        this.systemName = systemName;
        this.loader = loader;
    }

    /// The finder for this process.
    public static LibbpfFinder ofThisImage() {
        return new LibbpfFinder(
                Path.of(System.getProperty("java.home")), SONAME, NativeLibrary::load);
    }

    /// What was found.
    public record Found(LibbpfFunctions functions, LibbpfVersion version, Path path) {}

    /// One place and what it gave.
    public record Attempt(String place, String outcome, boolean tooOld) {}

    /// Nothing fit was found.
    public static final class NotFound extends Exception {
        @Serial private static final long serialVersionUID = 1;

        private final transient List<Attempt> attempts;

        NotFound(List<Attempt> attempts) {
            super(sentence(attempts));
            this.attempts = attempts;
        }

        /// Whether there was one, but too old.
        public boolean tooOld() {
            return attempts.stream().anyMatch(Attempt::tooOld);
        }

        private static String sentence(List<Attempt> attempts) {
            StringBuilder text =
                    new StringBuilder(
                            "no libbpf " + LibbpfVersion.OLDEST + " or newer was found: ");
            for (Attempt attempt : attempts) {
                text.append(attempt.place()).append(": ").append(attempt.outcome()).append("; ");
            }
            return text.append(
                            "install the package libbpf1 (Debian 13, Ubuntu 24.10, Debian 12 from its backports),")
                    .append(
                            " libbpf (Fedora, Arch) or libbpf1 (openSUSE), or give the path of a libbpf.so.1")
                    .toString();
        }
    }

    /// Loads the first libbpf that fits.
    ///
    /// @param userPath a library, or a folder with one
    /// @throws NotFound with each place that was tried
    /// @throws IllegalCallerException when the JVM refuses native access
    public Found find(Optional<Path> userPath) throws NotFound {
        Downcalls.checkNativeAccess();
        List<Attempt> attempts = new ArrayList<>();
        for (String place : places(userPath, attempts)) {
            try {
                return check(load(place));
            } catch (NativeLibrary.CannotLoad e) {
                attempts.add(new Attempt(place, withoutPrefix(e.getMessage(), place), false));
            } catch (TooOld e) {
                attempts.add(new Attempt(place, e.getMessage(), true));
            }
        }
        throw new NotFound(attempts);
    }

    private NativeLibrary load(String place) throws NativeLibrary.CannotLoad {
        if (place.equals(carried().toString())) {
            loadNeededBeside(carried(), new HashSet<>());
        }
        return loader.load(place);
    }

    /// What needs nothing comes first.
    private void loadNeededBeside(Path library, Set<Path> seen) throws NativeLibrary.CannotLoad {
        for (String name : NeededLibraries.of(library)) {
            Path needed = library.resolveSibling(name);
            if (Files.exists(needed) && seen.add(needed)) {
                loadNeededBeside(needed, seen);
                loader.load(needed.toString());
            }
        }
    }

    private Path carried() {
        return imageHome.resolve("lib").resolve(SONAME);
    }

    private List<String> places(Optional<Path> userPath, List<Attempt> attempts) {
        if (userPath.isPresent()) {
            Path path = userPath.get().toAbsolutePath();
            return List.of((Files.isDirectory(path) ? path.resolve(SONAME) : path).toString());
        }
        List<String> places = new ArrayList<>();
        Path carried = carried();
        if (Files.exists(carried)) {
            places.add(carried.toString());
        } else {
            attempts.add(new Attempt(carried.toString(), "not there", false));
        }
        places.add(systemName);
        return places;
    }

    private static Found check(NativeLibrary library) throws TooOld, NativeLibrary.CannotLoad {
        Optional<MemorySegment> major = library.find("libbpf_major_version");
        Optional<MemorySegment> minor = library.find("libbpf_minor_version");
        if (library.find("bpf_object__open_mem").isEmpty()) {
            throw new NativeLibrary.CannotLoad("it is no libbpf");
        }
        if (major.isEmpty() || minor.isEmpty()) {
            throw new TooOld("it does not tell its version, so it is older than 0.6");
        }
        LibbpfVersion version =
                new LibbpfVersion(
                        new Shapes.IntOf(major.get()).call(), new Shapes.IntOf(minor.get()).call());
        if (!version.isSupported()) {
            throw new TooOld("it is version " + version + ", which " + version.lacks());
        }
        LibbpfFunctions functions = new LibbpfFunctions(library);
        functions.libbpf_set_print.call(LibbpfMessages.printFunction());
        return new Found(functions, version, functions.fileOf("bpf_object__open_mem"));
    }

    /// The dynamic linker begins its reason with the name it was given.
    private static String withoutPrefix(String reason, String place) {
        return reason.startsWith(place + ": ") ? reason.substring(place.length() + 2) : reason;
    }

    private static final class TooOld extends Exception {
        @Serial private static final long serialVersionUID = 1;

        TooOld(String reason) {
            super(reason);
        }
    }
}
