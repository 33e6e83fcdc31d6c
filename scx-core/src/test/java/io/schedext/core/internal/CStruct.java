// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import io.schedext.bpf.Btf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// A struct of the BPF program, read and written as its BTF has it: without the constants that the
/// tests are about.
public final class CStruct {

    private static final Btf PROGRAM = Btf.ofElf(KernelProgram.bytes());

    private final Btf.Struct type;

    private CStruct(Btf.Struct type) {
        this.type = type;
    }

    /// A struct by its name in wire.h.
    public static CStruct of(String name) {
        return new CStruct(PROGRAM.struct(name).orElseThrow());
    }

    /// A constant of an enum in wire.h.
    public static long constant(String enumName, String name) {
        return PROGRAM.enumValue(enumName, name).orElseThrow();
    }

    public long size() {
        return type.size();
    }

    public List<Btf.Member> members() {
        return type.members();
    }

    public Btf.Member member(String name) {
        return type.member(name)
                .orElseThrow(() ->
                        new AssertionError("struct " + type.name() + " has no member " + name));
    }

    /// Zeroed memory for some of them in a row.
    public MemorySegment allocate(int count) {
        return MemorySegment.ofArray(new long[Math.toIntExact(size() * count / Long.BYTES)]);
    }

    /// Writes a member, in its own width.
    public void set(MemorySegment memory, long base, String name, long value) {
        Btf.Member member = member(name);
        switch ((int) member.size()) {
            case Integer.BYTES ->
                    memory.set(ValueLayout.JAVA_INT, base + member.offset(), (int) value);
            case Long.BYTES -> memory.set(ValueLayout.JAVA_LONG, base + member.offset(), value);
            default -> throw new IllegalArgumentException(name + " is no number");
        }
    }

    /// Reads a member, in its own width; one of 4 bytes is signed.
    public long get(MemorySegment memory, long base, String name) {
        Btf.Member member = member(name);
        return switch ((int) member.size()) {
            case Integer.BYTES -> memory.get(ValueLayout.JAVA_INT, base + member.offset());
            case Long.BYTES -> memory.get(ValueLayout.JAVA_LONG, base + member.offset());
            default -> throw new IllegalArgumentException(name + " is no number");
        };
    }
}
