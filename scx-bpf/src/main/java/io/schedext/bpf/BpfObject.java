// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.LibbpfFunctions;
import io.schedext.bpf.internal.LibbpfMessages;
import io.schedext.bpf.internal.Lifetime;
import io.schedext.bpf.internal.Shapes;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A BPF object in the kernel: its maps, programs and links.
///
/// [#close()] ends everything that came from it, in this order: links (so a scheduler is detached),
/// calls still under way in other threads (waited for), the object, the mapped memory. After that
/// every use of the object, of what it gave and of its memory is an [IllegalStateException], in any
/// thread. Any thread may use it.
public final class BpfObject implements AutoCloseable {
    private final LibbpfFunctions libbpf;
    private final String name;
    private final long pointer;
    private final Lifetime lifetime;
    private final Arena arena = Arena.ofShared();
    private final Map<String, BpfMap> maps = new ConcurrentHashMap<>();
    private final Map<String, BpfProgram> programs = new ConcurrentHashMap<>();
    private final Set<BpfLink> links = ConcurrentHashMap.newKeySet();

    BpfObject(LibbpfFunctions libbpf, String name, long pointer) {
        this.libbpf = libbpf;
        this.name = name;
        this.pointer = pointer;
        this.lifetime = new Lifetime("BPF object " + name);
    }

    /// What messages call this object.
    public String name() {
        return name;
    }

    /// A map, by its name in the source or by its section: `.bss`, `.data`, `.rodata`, `.data.own`.
    ///
    /// @throws BpfException of kind `NO_SUCH_NAME`
    /// @throws IllegalStateException when this object is closed
    public BpfMap map(String map) {
        lifetime.enter();
        try {
            return maps.computeIfAbsent(
                    map,
                    _ ->
                            new BpfMap(
                                    libbpf,
                                    Names.map(libbpf, pointer, name, map),
                                    name,
                                    map,
                                    lifetime,
                                    arena));
        } finally {
            lifetime.exit();
        }
    }

    /// A program, by its function's name.
    ///
    /// @throws BpfException of kind `NO_SUCH_NAME`
    /// @throws IllegalStateException when this object is closed
    public BpfProgram program(String program) {
        lifetime.enter();
        try {
            return programs.computeIfAbsent(
                    program,
                    _ ->
                            new BpfProgram(
                                    libbpf,
                                    libbpf.bpf_program__fd.call(
                                            Names.program(libbpf, pointer, name, program)),
                                    name,
                                    program,
                                    lifetime,
                                    arena));
        } finally {
            lifetime.exit();
        }
    }

    /// Attaches a struct_ops map: from here on the kernel calls its programs.
    ///
    /// @return the link; closing it, or this object, detaches
    /// @throws BpfException of kind `BUSY` when another has the place
    /// @throws IllegalStateException when this object is closed
    public BpfLink attachStructOps(String map) {
        lifetime.enter();
        try {
            return attach(
                    "attach struct_ops " + map,
                    libbpf.bpf_map__attach_struct_ops,
                    Names.map(libbpf, pointer, name, map));
        } finally {
            lifetime.exit();
        }
    }

    /// Attaches a program to what its section names: a tracepoint, say.
    ///
    /// @return the link; closing it, or this object, detaches
    /// @throws BpfException when the kernel refuses
    /// @throws IllegalStateException when this object is closed
    public BpfLink attach(String program) {
        lifetime.enter();
        try {
            return attach(
                    "attach program " + program,
                    libbpf.bpf_program__attach,
                    Names.program(libbpf, pointer, name, program));
        } finally {
            lifetime.exit();
        }
    }

    private BpfLink attach(String what, Shapes.PointerOfPointer function, long target) {
        LibbpfMessages.Collected<Long> attached =
                LibbpfMessages.collect(() -> function.call(target));
        long link = attached.result();
        if (link <= 0) {
            throw Failures.of(name + ": " + what, (int) -link, attached.warnings());
        }
        BpfLink owned = new BpfLink(libbpf, link, name + ": " + what, links::remove);
        links.add(owned);
        return owned;
    }

    /// Detaches, frees and unmaps everything, once calls under way in other threads have ended.
    /// Only the first call does something.
    @Override
    public void close() {
        if (!lifetime.beginClose()) {
            return;
        }
        // Links first: a scheduler should be gone before anything else. An attach may have been
        // under way, hence twice.
        links.forEach(BpfLink::close);
        lifetime.awaitUses();
        links.forEach(BpfLink::close);
        libbpf.bpf_object__close.call(pointer);
        arena.close();
    }
}
