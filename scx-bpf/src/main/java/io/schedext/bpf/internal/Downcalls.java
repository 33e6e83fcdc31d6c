// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;

/// The one place where native functions are linked.
///
/// Handles are made for shapes, not for addresses: the function's address is the first argument of
/// every call. So each handle is a constant although libbpf's place is only known at run time.
@SuppressWarnings("restricted") // linking is what this class is for
final class Downcalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private Downcalls() {}

    /// @throws IllegalCallerException when the JVM refuses native access to this module
    static void checkNativeAccess() {
        MemorySegment.NULL.reinterpret(0);
    }

    /// A handle of type (address of the function, arguments...).
    static MethodHandle shape(FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(descriptor);
    }

    /// A handle of type (address of the function, call state, arguments...).
    static MethodHandle shapeWithErrno(FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(descriptor, Linker.Option.captureCallState("errno"));
    }

    /// A handle for a C function with variadic arguments, of type (address of the function,
    /// arguments...).
    static MethodHandle shapeVariadic(FunctionDescriptor descriptor, int firstVariadic) {
        return LINKER.downcallHandle(descriptor, Linker.Option.firstVariadicArg(firstVariadic));
    }

    static MemorySegment allocateCallState(Arena arena) {
        return arena.allocate(CALL_STATE);
    }

    static int errno(MemorySegment callState) {
        return (int) ERRNO.get(callState, 0L);
    }

    /// A function of the C library.
    static MemorySegment libc(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(
                        () -> new UnsatisfiedLinkError("the C library has no function " + name));
    }

    /// A pointer that C may call for as long as the process lives.
    static MemorySegment upcall(
            MethodHandles.Lookup lookup,
            Class<?> owner,
            String method,
            MethodType type,
            FunctionDescriptor descriptor) {
        try {
            MethodHandle handle = lookup.findStatic(owner, method, type);
            return LINKER.upcallStub(handle, descriptor, Arena.global());
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /// Memory at an address that came from C.
    static MemorySegment memory(MemorySegment address, long bytes) {
        return address.reinterpret(bytes);
    }

    /// Memory at an address that came from C, readable until the arena is closed.
    static MemorySegment memory(MemorySegment address, long bytes, Arena arena) {
        return address.reinterpret(bytes, arena, null);
    }

    /// Memory that a mapping gave, unmapped when the arena is closed.
    static MemorySegment mapped(long address, long bytes, Arena arena) {
        return MemorySegment.ofAddress(address)
                .reinterpret(bytes, arena, unmap -> Libc.munmap(unmap.address(), bytes));
    }

    /// A C string, or null for the null pointer.
    static String string(MemorySegment address) {
        return address.address() == 0 ? null : address.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /// What a native call threw, fit to be thrown on: a segment that is closed or belongs to
    /// another thread is the caller's affair. Nothing checked can come from there.
    static RuntimeException rethrown(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> throw new AssertionError("a native call threw", thrown);
        };
    }
}
