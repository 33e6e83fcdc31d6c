// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

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
import java.util.Arrays;

/// The one place where native functions are linked.
///
/// Handles are made for shapes, not for addresses: the function's address is the first argument of
/// every call. So each handle is a constant although libbpf's place is only known at run time.
///
/// Linking a shape takes the JVM milliseconds, and libbpf's functions have twenty. But all their
/// arguments are integers and pointers, and where Linux has 64 bits these are passed in places of
/// their own: a function that takes fewer does not look at the rest, and one whose result is
/// narrower leaves it in the lower bits. So one shape of six arguments calls them all.
@SuppressWarnings("restricted") // linking is what this class is for
final class Downcalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final int ARGUMENTS = 6;

    private Downcalls() {}

    /// @throws IllegalCallerException when the JVM refuses native access to this module
    static void checkNativeAccess() {
        MemorySegment.NULL.reinterpret(0);
    }

    /// A handle of type (address of the function, arguments...), for calls that may not allocate.
    static MethodHandle shape(FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(descriptor);
    }

    /// Calls a function with integers, pointers among them, as arguments. What they point to stays
    /// until the call is over: that is the caller's affair.
    ///
    /// @param arguments six at most
    /// @return the result; narrower ones are to be cast
    static long call(MemorySegment function, long... arguments) {
        long[] six = Arrays.copyOf(arguments, ARGUMENTS);
        try {
            return (long)
                    AnyFunction.CALL.invokeExact(
                            function, six[0], six[1], six[2], six[3], six[4], six[5]);
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /// The same for a function that says in errno why it failed.
    ///
    /// @param failed what it returns then
    /// @return the result, or the negative errno
    static long callOrErrno(long failed, MemorySegment function, long... arguments) {
        long[] six = Arrays.copyOf(arguments, ARGUMENTS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long result =
                    (long)
                            AnyFunction.CALL_WITH_ERRNO.invokeExact(
                                    function, state, six[0], six[1], six[2], six[3], six[4],
                                    six[5]);
            return result == failed ? -(int) ERRNO.get(state, 0L) : result;
        } catch (Throwable e) {
            throw rethrown(e);
        }
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
    static String string(long address) {
        return address == 0
                ? null
                : MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
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

    /// Linked when the first function is called, so that [#checkNativeAccess()] can come before.
    private static final class AnyFunction {
        private static final FunctionDescriptor TYPE =
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                        JAVA_LONG);
        static final MethodHandle CALL = LINKER.downcallHandle(TYPE);
        static final MethodHandle CALL_WITH_ERRNO =
                LINKER.downcallHandle(TYPE, Linker.Option.captureCallState("errno"));

        private AnyFunction() {}
    }
}
