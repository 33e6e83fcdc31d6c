// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/// A libbpf in Java: C function pointers that lead back here. So the life cycle is tested through
/// the real calls, on machines that have no libbpf. It has one object with one map, one program and
/// one struct_ops, and writes down every call that changes something.
@SuppressWarnings({
    "restricted",
    "unused"
}) // C pointers both ways; the functions are called by name
public final class FakeLibbpf implements SymbolLookup {
    public static final long OBJECT = 0x1000;
    public static final long MAP = 0x2000;
    public static final long PROGRAM = 0x3000;
    public static final long LINK = 0x4000;
    public static final String MAP_NAME = "state";
    public static final String PROGRAM_NAME = "probe";
    private static final int ARRAY = 2;
    private static final int STRUCT_OPS = 26;
    private static final int INITIAL_VALUE_BYTES = 64;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment initialValue = arena.allocate(INITIAL_VALUE_BYTES);
    private final Map<String, MemorySegment> symbols = new HashMap<>();
    private final Set<String> missing = new HashSet<>();
    private final List<String> calls = new ArrayList<>();
    private int major = 1;
    private int minor = 5;
    private int loadResult;
    private String loadWarning = "";
    private String verifierLog = "";
    private MemorySegment print;
    private MemorySegment logBuffer;
    private MemorySegment programLog;
    private int mapFd = -1;
    private String mapName = MAP_NAME;
    private int mapType = ARRAY;
    private int programFd = 7;
    private IntSupplier testRun = () -> 0;
    private Runnable onAttach = () -> {};

    public FakeLibbpf version(int major, int minor) {
        this.major = major;
        this.minor = minor;
        return this;
    }

    public FakeLibbpf without(String symbol) {
        missing.add(symbol);
        return this;
    }

    /// Replaces a function by one of the C library with the same shape.
    public FakeLibbpf with(String symbol, String libcFunction) {
        symbols.put(symbol, Linker.nativeLinker().defaultLookup().findOrThrow(libcFunction));
        return this;
    }

    public FakeLibbpf loadResult(int result) {
        this.loadResult = result;
        return this;
    }

    /// A load that fails with a message of libbpf's and a log of the verifier's.
    public FakeLibbpf loadFails(int result, String warning, String log) {
        this.loadWarning = warning;
        this.verifierLog = log;
        return loadResult(result);
    }

    /// A load of which the verifier tells this.
    public FakeLibbpf verifierSays(String log) {
        this.verifierLog = log;
        return this;
    }

    /// Its one map is of this name, and a struct_ops.
    public FakeLibbpf structOps(String name) {
        this.mapName = name;
        this.mapType = STRUCT_OPS;
        return this;
    }

    public FakeLibbpf mapFd(int fd) {
        this.mapFd = fd;
        return this;
    }

    public FakeLibbpf programFd(int fd) {
        this.programFd = fd;
        return this;
    }

    /// What bpf_prog_test_run_opts does and returns.
    public FakeLibbpf testRun(IntSupplier run) {
        this.testRun = run;
        return this;
    }

    /// What happens in the kernel while something is being attached.
    public FakeLibbpf onAttach(Runnable action) {
        this.onAttach = action;
        return this;
    }

    /// The functions, with libbpf's messages on their way to us.
    public LibbpfFunctions functions() {
        LibbpfFunctions functions = new LibbpfFunctions(new NativeLibrary("fake", this));
        functions.libbpf_set_print.call(LibbpfMessages.printFunction());
        calls.clear();
        return functions;
    }

    /// The calls so far that changed something.
    public List<String> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    @Override
    public Optional<MemorySegment> find(String symbol) {
        return missing.contains(symbol)
                ? Optional.empty()
                : Optional.of(symbols.computeIfAbsent(symbol, this::stub));
    }

    private MemorySegment stub(String symbol) {
        FunctionDescriptor descriptor =
                switch (symbol) {
                    case "libbpf_major_version", "libbpf_minor_version" ->
                            FunctionDescriptor.of(JAVA_INT);
                    case "libbpf_version_string" -> FunctionDescriptor.of(ADDRESS);
                    case "libbpf_set_print" -> FunctionDescriptor.ofVoid(ADDRESS);
                    case "bpf_object__open_mem" ->
                            FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
                    case "bpf_object__close" -> FunctionDescriptor.ofVoid(JAVA_LONG);
                    case "bpf_object__find_map_by_name",
                            "bpf_object__find_program_by_name",
                            "bpf_map__initial_value" ->
                            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS);
                    case "bpf_object__next_map", "bpf_object__next_program" ->
                            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);
                    case "bpf_map__name", "bpf_program__name" ->
                            FunctionDescriptor.of(ADDRESS, JAVA_LONG);
                    case "bpf_map__attach_struct_ops", "bpf_program__attach" ->
                            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);
                    case "bpf_map__set_value_size",
                            "bpf_map__set_max_entries",
                            "bpf_map__set_autocreate",
                            "bpf_map__reuse_fd",
                            "bpf_program__set_log_level",
                            "bpf_program__set_autoload" ->
                            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT);
                    case "bpf_program__set_log_buf" ->
                            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG);
                    case "bpf_prog_test_run_opts", "bpf_map_get_next_id" ->
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS);
                    case "bpf_obj_get_info_by_fd" ->
                            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
                    default -> FunctionDescriptor.of(JAVA_INT, JAVA_LONG);
                };
        try {
            MethodHandle target =
                    MethodHandles.lookup().bind(this, symbol, descriptor.toMethodType());
            return Linker.nativeLinker().upcallStub(target, descriptor, arena);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private void called(String call) {
        synchronized (calls) {
            calls.add(call);
        }
    }

    // From here on: libbpf's functions, called from C by name.

    int libbpf_major_version() {
        return major;
    }

    int libbpf_minor_version() {
        return minor;
    }

    MemorySegment libbpf_version_string() {
        return arena.allocateFrom("v" + major + "." + minor);
    }

    void libbpf_set_print(MemorySegment function) {
        called("libbpf_set_print");
        print = function;
    }

    long bpf_object__open_mem(MemorySegment file, long size, MemorySegment options) {
        called("bpf_object__open_mem");
        logBuffer =
                options.reinterpret(80)
                        .get(ADDRESS, 56)
                        .reinterpret(options.reinterpret(80).get(JAVA_LONG, 64));
        return OBJECT;
    }

    int bpf_object__load(long object) {
        called("bpf_object__load");
        if (!loadWarning.isEmpty()) {
            warn(loadWarning);
        }
        (programLog == null ? logBuffer : programLog).setString(0, verifierLog);
        return loadResult;
    }

    int bpf_program__set_log_level(long program, int level) {
        called("bpf_program__set_log_level " + level);
        return 0;
    }

    int bpf_program__set_log_buf(long program, MemorySegment buffer, long size) {
        programLog = buffer.reinterpret(size);
        return 0;
    }

    void bpf_object__close(long object) {
        called("bpf_object__close");
    }

    long bpf_object__find_map_by_name(long object, MemorySegment name) {
        return string(name).equals(mapName) ? MAP : 0;
    }

    long bpf_object__next_map(long object, long map) {
        return map == 0 ? MAP : 0;
    }

    long bpf_object__find_program_by_name(long object, MemorySegment name) {
        return string(name).equals(PROGRAM_NAME) ? PROGRAM : 0;
    }

    long bpf_object__next_program(long object, long program) {
        return program == 0 ? PROGRAM : 0;
    }

    long bpf_map__initial_value(long map, MemorySegment size) {
        size.reinterpret(Long.BYTES).set(JAVA_LONG, 0, INITIAL_VALUE_BYTES);
        return initialValue.address();
    }

    int bpf_map__set_value_size(long map, int bytes) {
        called("bpf_map__set_value_size " + bytes);
        return 0;
    }

    int bpf_map__set_max_entries(long map, int entries) {
        called("bpf_map__set_max_entries " + entries);
        return -Errno.EINVAL;
    }

    int bpf_map__set_autocreate(long map, int create) {
        called("bpf_map__set_autocreate " + (create & 1));
        return 0;
    }

    int bpf_map__reuse_fd(long map, int fd) {
        called("bpf_map__reuse_fd " + fd);
        return fd < 0 ? -9 : 0; // EBADF
    }

    MemorySegment bpf_map__name(long map) {
        return arena.allocateFrom(mapName);
    }

    int bpf_map__fd(long map) {
        return mapFd;
    }

    int bpf_map__type(long map) {
        return mapType;
    }

    int bpf_map__key_size(long map) {
        return 4;
    }

    int bpf_map__value_size(long map) {
        return 60;
    }

    int bpf_map__max_entries(long map) {
        return 2;
    }

    long bpf_map__attach_struct_ops(long map) {
        onAttach.run();
        called("bpf_map__attach_struct_ops");
        return LINK;
    }

    MemorySegment bpf_program__name(long program) {
        return arena.allocateFrom(PROGRAM_NAME);
    }

    int bpf_program__set_autoload(long program, int load) {
        called("bpf_program__set_autoload " + (load & 1));
        return 0;
    }

    int bpf_program__fd(long program) {
        return programFd;
    }

    long bpf_program__attach(long program) {
        onAttach.run();
        called("bpf_program__attach");
        return LINK;
    }

    int bpf_link__destroy(long link) {
        called("bpf_link__destroy");
        return 0;
    }

    /// Its map is the only one in the kernel, and has number 1.
    int bpf_map_get_next_id(int start, MemorySegment next) {
        if (start > 0) {
            return -Errno.ENOENT;
        }
        next.reinterpret(Integer.BYTES).set(JAVA_INT, 0, 1);
        return 0;
    }

    int bpf_map_get_fd_by_id(long id) {
        return id == 1 ? mapFd : -Errno.ENOENT;
    }

    int bpf_obj_get_info_by_fd(long fd, MemorySegment info, MemorySegment bytes) {
        MemorySegment map = info.reinterpret(bytes.reinterpret(4).get(JAVA_INT, 0));
        map.set(JAVA_INT, 0, mapType);
        map.set(JAVA_INT, 4, 1);
        map.set(JAVA_INT, 12, INITIAL_VALUE_BYTES);
        map.set(JAVA_INT, 16, 1);
        map.setString(24, mapName);
        return 0;
    }

    int bpf_prog_test_run_opts(int fd, MemorySegment options) {
        int result = testRun.getAsInt();
        if (result < 0) {
            return result;
        }
        MemorySegment opts = options.reinterpret(80);
        int contextBytes = opts.get(JAVA_INT, 48);
        if (contextBytes > 0) {
            MemorySegment context = opts.get(ADDRESS, 32).reinterpret(contextBytes);
            context.set(JAVA_INT, 0, context.get(JAVA_INT, 0) + 1);
        }
        opts.set(JAVA_INT, 56, result);
        return 0;
    }

    /// Says something as C does. The text has no conversions, so that nobody looks into the list of
    /// arguments.
    private void warn(String text) {
        MethodHandle call =
                Downcalls.shape(FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        try (Arena confined = Arena.ofConfined()) {
            int result =
                    (int)
                            call.invokeExact(
                                    print,
                                    0,
                                    confined.allocateFrom("libbpf: " + text + "\n"),
                                    confined.allocate(64, 16));
        } catch (Throwable e) {
            throw Downcalls.rethrown(e);
        }
    }

    private static String string(MemorySegment text) {
        return text.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
