// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.schedext.bpf.internal.LibbpfFunctions;
import io.schedext.bpf.internal.LibbpfMessages;
import io.schedext.bpf.internal.NativeMemory;
import io.schedext.bpf.internal.OpenOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A BPF object between open and load, while its constants, sizes and choices can be changed.
///
/// [#load()] consumes it; closing it afterwards does nothing. Any thread may use it, one at a time
/// gets through.
public final class OpenBpfObject implements AutoCloseable {
    /// Enough for the log of the largest program; pages that nobody touches cost nothing.
    private static final long LOG_BYTES = 16L << 20;

    /// `BPF_LOG_STATS` of the kernel's `bpf_verifier.h`: nothing but a few lines at the end.
    private static final int LOG_STATISTICS = 4;

    /// Of a program. Few kernels need more than a page; one whose log does not fit is refused.
    private static final long STATISTICS_BYTES = 256 << 10;

    private final LibbpfFunctions libbpf;
    private final String name;
    private final long pointer;
    private final ResizeGuard resizeGuard;
    private final MemorySegment log;
    private final Arena logArena;

    /// The initial values' memory changes hands at load, so their segments end before it.
    private final Arena valuesArena = Arena.ofShared();

    private final Set<String> handedOut = new HashSet<>();
    private State state = State.OPEN;

    private enum State {
        OPEN("open"),
        LOADED("already loaded"),
        CLOSED("closed");

        private final String text;

        State(String text) {
            this.text = text;
        }
    }

    private OpenBpfObject(
            LibbpfFunctions libbpf,
            String name,
            long pointer,
            byte[] elf,
            MemorySegment log,
            Arena logArena) {
        this.libbpf = libbpf;
        this.name = name;
        this.pointer = pointer;
        this.resizeGuard = new ResizeGuard(libbpf, pointer, name, elf);
        this.log = log;
        this.logArena = logArena;
    }

    static OpenBpfObject open(LibbpfFunctions libbpf, String name, byte[] elf) {
        String operation = "open " + name;
        Arena logArena = Arena.ofShared();
        OpenBpfObject object = null;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment log = NativeMemory.anonymous(LOG_BYTES, logArena);
            // libbpf copies what it keeps of the file; the ELF reader wants it aligned.
            MemorySegment file =
                    arena.allocate(elf.length, Long.BYTES).copyFrom(MemorySegment.ofArray(elf));
            MemorySegment options = OpenOptions.of(arena, name, log);
            LibbpfMessages.Collected<Long> opened =
                    LibbpfMessages.collect(
                            () -> libbpf.bpf_object__open_mem.call(file, elf.length, options));
            long pointer = opened.result();
            if (pointer <= 0) {
                throw Failures.of(operation, (int) -pointer, opened.warnings());
            }
            object = new OpenBpfObject(libbpf, name, pointer, elf.clone(), log, logArena);
            return object;
        } catch (NativeMemory.ErrnoException e) {
            throw BpfException.ofErrno(operation + ": allocate the log buffer", e.errno(), "");
        } finally {
            if (object == null) {
                logArena.close();
            }
        }
    }

    /// What messages call this object.
    public String name() {
        return name;
    }

    /// The value a map will have when it is loaded, to be read and written: `.rodata`, `.data`,
    /// `.bss`, or the image of a struct_ops.
    ///
    /// The layout is the object file's own, see [Btf#ofElf]. The segment is valid until load or
    /// close.
    ///
    /// @throws BpfException of kind `NO_SUCH_NAME`; or when the map has no initial value
    /// @throws IllegalStateException when this object is loaded or closed
    public synchronized MemorySegment initialValue(String map) {
        long pointer = map(map);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(JAVA_LONG);
            long value = libbpf.bpf_map__initial_value.call(pointer, size);
            if (value <= 0) {
                throw BpfException.of(
                        BpfException.Kind.FAILED,
                        operation("initial value of " + map),
                        "it has none; only global data and struct_ops maps do",
                        null);
            }
            handedOut.add(map);
            return NativeMemory.view(value, size.get(JAVA_LONG, 0), valuesArena);
        }
    }

    /// Resizes a map's values. For a data section its last variable must be an array, which grows
    /// or shrinks.
    ///
    /// @param bytes the new size of a value
    /// @throws BpfException when libbpf refuses
    /// @throws IllegalStateException when the map's initial value was handed out before, because
    ///   resizing moves it; or when this object is loaded or closed
    public synchronized void valueSize(String map, int bytes) {
        long pointer = map(map);
        if (handedOut.contains(map)) {
            throw new IllegalStateException(
                    operation("resize map " + map)
                            + ": set the size before asking for the initial value");
        }
        if (hasInitialValue(pointer)) {
            resizeGuard.check(map);
        }
        LibbpfMessages.Collected<Integer> set =
                LibbpfMessages.collect(() -> libbpf.bpf_map__set_value_size.call(pointer, bytes));
        check("set the value size of map " + map, set);
    }

    private boolean hasInitialValue(long map) {
        try (Arena arena = Arena.ofConfined()) {
            return libbpf.bpf_map__initial_value.call(map, arena.allocate(JAVA_LONG)) > 0;
        }
    }

    /// Sets a map's number of entries; for a ring, its size in bytes.
    ///
    /// @throws BpfException when libbpf refuses
    /// @throws IllegalStateException when this object is loaded or closed
    public synchronized void maxEntries(String map, int entries) {
        long pointer = map(map);
        LibbpfMessages.Collected<Integer> set =
                LibbpfMessages.collect(
                        () -> libbpf.bpf_map__set_max_entries.call(pointer, entries));
        check("set the number of entries of map " + map, set);
    }

    /// Decides whether a map is created at load. A struct_ops map that is not takes its programs
    /// with it.
    ///
    /// @throws BpfException when libbpf refuses
    /// @throws IllegalStateException when this object is loaded or closed
    public synchronized void autocreate(String map, boolean create) {
        long pointer = map(map);
        LibbpfMessages.Collected<Integer> set =
                LibbpfMessages.collect(() -> libbpf.bpf_map__set_autocreate.call(pointer, create));
        check("set autocreate of map " + map, set);
    }

    /// Makes the load use a map that another object has created, values included, instead of
    /// creating one. That object may be closed meanwhile: the map lives on.
    ///
    /// @param other a map of the same type and sizes
    /// @throws BpfException when libbpf refuses
    /// @throws IllegalStateException when this object is loaded or closed, or the other's object
    ///   closed
    public synchronized void reuse(String map, BpfMap other) {
        long pointer = map(map);
        LibbpfMessages.Collected<Integer> set =
                other.withFd(fd ->
                        LibbpfMessages.collect(() -> libbpf.bpf_map__reuse_fd.call(pointer, fd)));
        check("reuse map " + other.name() + " as " + map, set);
    }

    /// Decides whether a program is loaded with the object.
    ///
    /// @throws BpfException when libbpf refuses
    /// @throws IllegalStateException when this object is loaded or closed
    public synchronized void autoload(String program, boolean load) {
        checkOpen();
        long pointer = Names.program(libbpf, this.pointer, name, program);
        LibbpfMessages.Collected<Integer> set =
                LibbpfMessages.collect(() -> libbpf.bpf_program__set_autoload.call(pointer, load));
        check("set autoload of program " + program, set);
    }

    /// Loads everything into the kernel.
    ///
    /// @return the loaded object, which the caller closes. This object is done with, whatever
    ///   happens
    /// @throws BpfException of kind `VERIFIER_REFUSED` with the verifier's log, or of another kind
    /// @throws IllegalStateException when this object is loaded or closed
    public synchronized BpfObject load() {
        checkOpen();
        valuesArena.close();
        LibbpfMessages.Collected<Integer> loaded =
                LibbpfMessages.collect(() -> libbpf.bpf_object__load.call(pointer));
        if (loaded.result() != 0) {
            BpfException failure =
                    Failures.ofLoad(
                            operation("load"),
                            -loaded.result(),
                            loaded.warnings(),
                            log.getString(0));
            end(State.CLOSED);
            throw failure;
        }
        end(State.LOADED);
        return new BpfObject(libbpf, name, pointer);
    }

    /// Loads everything into the kernel to see what that takes, and frees it again. This object is
    /// done with, whatever happens.
    ///
    /// @return what each program costs the verifier, by the names of the programs
    /// @throws BpfException when the kernel refuses; its verifier's reasons are not in it, as they
    ///   are in that of [#load()]
    /// @throws IllegalStateException when this object is loaded or closed
    public synchronized Map<String, VerifierStatistics> verify() {
        checkOpen();
        try (Arena logs = Arena.ofConfined()) {
            Map<String, MemorySegment> statistics = new TreeMap<>();
            for (long program = libbpf.bpf_object__next_program.call(pointer, 0);
                    program > 0;
                    program = libbpf.bpf_object__next_program.call(pointer, program)) {
                MemorySegment text = logs.allocate(STATISTICS_BYTES);
                libbpf.bpf_program__set_log_level.call(program, LOG_STATISTICS);
                libbpf.bpf_program__set_log_buf.call(program, text, STATISTICS_BYTES);
                statistics.put(libbpf.bpf_program__name.call(program), text);
            }
            load().close();
            Map<String, VerifierStatistics> parsed = new TreeMap<>();
            statistics.forEach((program, text) ->
                    parsed.put(program, VerifierStatistics.of(program, text.getString(0))));
            return parsed;
        }
    }

    /// Frees the object, unless it was loaded or closed already.
    @Override
    public synchronized void close() {
        if (state == State.OPEN) {
            valuesArena.close();
            end(State.CLOSED);
        }
    }

    private void end(State end) {
        state = end;
        if (end == State.CLOSED) {
            libbpf.bpf_object__close.call(pointer);
        }
        logArena.close();
    }

    private long map(String map) {
        checkOpen();
        return Names.map(libbpf, pointer, name, map);
    }

    private void checkOpen() {
        if (state != State.OPEN) {
            throw new IllegalStateException("BPF object " + name + " is " + state.text);
        }
    }

    private void check(String what, LibbpfMessages.Collected<Integer> call) {
        if (call.result() < 0) {
            throw Failures.of(operation(what), -call.result(), call.warnings());
        }
    }

    private String operation(String what) {
        return name + ": " + what;
    }
}
