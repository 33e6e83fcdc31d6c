// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.LibbpfFinder;
import io.schedext.bpf.internal.LibbpfFunctions;
import io.schedext.bpf.internal.LibbpfVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A loaded libbpf: where everything begins.
///
/// ```java
/// Libbpf libbpf = Libbpf.load(Optional.empty());
/// try (OpenBpfObject open = libbpf.open("main.bpf.o", elf)) {
///     open.initialValue(".rodata").set(ValueLayout.JAVA_INT, 0, 42);
///     try (BpfObject object = open.load();
///             BpfLink link = object.attachStructOps("my_ops")) {
///         ...
///     }
/// }
/// ```
///
/// libbpf's own messages go to the SLF4J logger `io.schedext.bpf.libbpf`; those that explain a
/// failure are in its exception as well. Any thread may use an instance. The library stays loaded
/// until the process ends.
public final class Libbpf {
    private final LibbpfFunctions functions;
    private final LibbpfVersion version;
    private final Path path;

    private Libbpf(LibbpfFinder.Found found) {
        this.functions = found.functions();
        this.version = found.version();
        this.path = found.path();
    }

    /// Loads libbpf 1.4 or newer.
    ///
    /// A given path is the only place tried. Without one the places are `lib/libbpf.so.1` of the
    /// running image and then the `libbpf.so.1` that the system's dynamic linker finds.
    ///
    /// @param userPath a shared library, or a folder that holds `libbpf.so.1`
    /// @throws BpfException of kind `LIBRARY_MISSING`, `LIBRARY_TOO_OLD` or `NATIVE_ACCESS_DENIED`,
    ///   with the places tried and what to do
    public static Libbpf load(Optional<Path> userPath) {
        try {
            return new Libbpf(LibbpfFinder.ofThisImage().find(userPath));
        } catch (LibbpfFinder.NotFound e) {
            BpfException.Kind kind =
                    e.tooOld()
                            ? BpfException.Kind.LIBRARY_TOO_OLD
                            : BpfException.Kind.LIBRARY_MISSING;
            throw BpfException.of(kind, "load libbpf", e.getMessage(), null);
        } catch (IllegalCallerException e) {
            Module module = Libbpf.class.getModule();
            String flag = module.isNamed() ? module.getName() : "ALL-UNNAMED";
            throw BpfException.of(
                    BpfException.Kind.NATIVE_ACCESS_DENIED,
                    "load libbpf",
                    "the JVM refuses native access; start it with --enable-native-access=" + flag,
                    e);
        }
    }

    /// Opens an object file: nothing reaches the kernel yet.
    ///
    /// @param name what messages call it, `main.bpf.o` say
    /// @param elf the object file's bytes, which are copied
    /// @return the object, to be adjusted and loaded; the caller closes it
    /// @throws BpfException when libbpf cannot read the file
    public OpenBpfObject open(String name, byte[] elf) {
        return OpenBpfObject.open(functions, name, elf);
    }

    /// Maps that are in the kernel, whoever made them, by their name there: the first 15 bytes of
    /// the name they were given. Only those who may load BPF programs may look for them.
    ///
    /// @param name the name in the kernel
    /// @return the youngest first; the caller closes each
    /// @throws BpfException of kind `PERMISSION_DENIED` when the kernel does not let us look
    public List<KernelMap> mapsNamed(String name) {
        return KernelMap.named(functions, name);
    }

    /// The version found, `1.5` say.
    public String version() {
        return version.toString();
    }

    /// The file that was loaded.
    public Path path() {
        return path;
    }
}
