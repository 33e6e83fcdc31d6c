// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The shapes that libbpf's functions have: an address with a typed `call`, through one constant
/// handle per shape.
///
/// A `Pointer` belongs to libbpf and is a plain number here. `Memory` is ours, and stays alive
/// during the call. An `int` result is C's own. A pointer result is an address, or the negative
/// errno where C returned null.
public final class Shapes {
    private Shapes() {}

    /// `int f(void)`
    public record IntOf(MemorySegment address) {
        private static final MethodHandle CALL = Downcalls.shape(FunctionDescriptor.of(JAVA_INT));

        public int call() {
            try {
                return (int) CALL.invokeExact(address);
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `int f(T *)`
    public record IntOfPointer(MemorySegment address) {
        private static final MethodHandle CALL =
                Downcalls.shape(FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

        public int call(long pointer) {
            try {
                return (int) CALL.invokeExact(address, pointer);
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `int f(T *, int)`
    public record IntOfPointerInt(MemorySegment address) {
        private static final MethodHandle CALL =
                Downcalls.shape(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));

        public int call(long pointer, int value) {
            try {
                return (int) CALL.invokeExact(address, pointer, value);
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `int f(T *, bool)`
    public record IntOfPointerBoolean(MemorySegment address) {
        private static final MethodHandle CALL =
                Downcalls.shape(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_BOOLEAN));

        public int call(long pointer, boolean value) {
            try {
                return (int) CALL.invokeExact(address, pointer, value);
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `int f(int, S *)`, with memory of ours
    public record IntOfIntMemory(MemorySegment address) {
        private static final MethodHandle CALL =
                Downcalls.shape(FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

        public int call(int value, MemorySegment memory) {
            try {
                return (int) CALL.invokeExact(address, value, memory);
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `void f(T *)`
    public record VoidOfPointer(MemorySegment address) {
        private static final MethodHandle CALL =
                Downcalls.shape(FunctionDescriptor.ofVoid(JAVA_LONG));

        public void call(long pointer) {
            try {
                CALL.invokeExact(address, pointer);
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `f(S *)` whose result nobody needs, with memory of ours
    public record VoidOfMemory(MemorySegment address) {
        private static final MethodHandle CALL =
                Downcalls.shape(FunctionDescriptor.ofVoid(ADDRESS));

        public void call(MemorySegment memory) {
            try {
                CALL.invokeExact(address, memory);
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `const char *f(void)`
    public record StringOf(MemorySegment address) {
        private static final MethodHandle CALL = Downcalls.shape(FunctionDescriptor.of(ADDRESS));

        public String call() {
            try {
                return Downcalls.string((MemorySegment) CALL.invokeExact(address));
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `const char *f(T *)`
    public record StringOfPointer(MemorySegment address) {
        private static final MethodHandle CALL =
                Downcalls.shape(FunctionDescriptor.of(ADDRESS, JAVA_LONG));

        public String call(long pointer) {
            try {
                return Downcalls.string((MemorySegment) CALL.invokeExact(address, pointer));
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `T *f(U *)`
    public record PointerOfPointer(MemorySegment address) {
        private static final MethodHandle CALL =
                Downcalls.shapeWithErrno(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

        public long call(long pointer) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = Downcalls.allocateCallState(arena);
                return pointerOrErrno((long) CALL.invokeExact(address, state, pointer), state);
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `T *f(U *, T *)`
    public record PointerOfPointerPointer(MemorySegment address) {
        private static final MethodHandle CALL =
                Downcalls.shapeWithErrno(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));

        public long call(long first, long second) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = Downcalls.allocateCallState(arena);
                return pointerOrErrno(
                        (long) CALL.invokeExact(address, state, first, second), state);
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `T *f(U *, S *)`, with memory of ours
    public record PointerOfPointerMemory(MemorySegment address) {
        private static final MethodHandle CALL =
                Downcalls.shapeWithErrno(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS));

        public long call(long pointer, MemorySegment memory) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = Downcalls.allocateCallState(arena);
                return pointerOrErrno(
                        (long) CALL.invokeExact(address, state, pointer, memory), state);
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    /// `T *f(S *, size_t, S *)`, with memory of ours
    public record PointerOfMemoryLongMemory(MemorySegment address) {
        private static final MethodHandle CALL =
                Downcalls.shapeWithErrno(
                        FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS));

        public long call(MemorySegment first, long size, MemorySegment second) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = Downcalls.allocateCallState(arena);
                return pointerOrErrno(
                        (long) CALL.invokeExact(address, state, first, size, second), state);
            } catch (Throwable e) {
                throw Downcalls.rethrown(e);
            }
        }
    }

    private static long pointerOrErrno(long pointer, MemorySegment state) {
        return pointer == 0 ? -Downcalls.errno(state) : pointer;
    }
}
