// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;

/// A shared library, loaded for the life of the process.
///
/// The dynamic linker is called directly because [java.lang.foreign.SymbolLookup#libraryLookup]
/// keeps its reason for a failure to itself (`libelf.so.1: cannot open shared object file`), and
/// does not tell which file it found.
class NativeLibrary {
    private final String name;
    private final SymbolLookup symbols;

    NativeLibrary(String name, SymbolLookup symbols) {
        this.name = name;
        this.symbols = symbols;
    }

    NativeLibrary(NativeLibrary other) {
        this(other.name, other.symbols);
    }

    /// @param name a path, or a soname for the dynamic linker to find
    /// @throws CannotLoad with the dynamic linker's reason
    static NativeLibrary load(String name) throws CannotLoad {
        long handle = Libc.dlopen(name);
        if (handle == 0) {
            throw new CannotLoad(Libc.dlerror());
        }
        return new NativeLibrary(name, symbol -> Optional.ofNullable(Libc.dlsym(handle, symbol)));
    }

    /// The address of a symbol, where the library has it.
    final Optional<MemorySegment> find(String symbol) {
        return symbols.find(symbol);
    }

    /// The address of a symbol that the library is known to have.
    final MemorySegment symbol(String symbol) {
        return find(symbol)
                .orElseThrow(() -> new UnsatisfiedLinkError(name + " has no function " + symbol));
    }

    /// The file that holds a symbol of this library.
    final Path fileOf(String symbol) {
        String file = Libc.fileOf(symbol(symbol));
        return Path.of(file == null ? name : file);
    }

    /// The dynamic linker refused.
    static final class CannotLoad extends Exception {
        @Serial private static final long serialVersionUID = 1;

        CannotLoad(String reason) {
            super(reason);
        }
    }
}
