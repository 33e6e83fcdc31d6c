// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The shapes that libbpf's functions have: an address with a typed `call`.
///
/// A `Pointer` belongs to libbpf and is a plain number here. `Memory` is ours, and its caller keeps
/// it until the call is over. An `int` result is C's own. A pointer result is an address, or the
/// negative errno where C returned null.
public final class Shapes {
    private static final long NULL = 0;

    private Shapes() {}

    /// `int f(void)`
    public record IntOf(MemorySegment address) {
        public int call() {
            return (int) Downcalls.call(address);
        }
    }

    /// `int f(int)`
    public record IntOfInt(MemorySegment address) {
        public int call(int value) {
            return (int) Downcalls.call(address, value);
        }
    }

    /// `int f(int, S *, T *)`
    public record IntOfIntMemoryMemory(MemorySegment address) {
        public int call(int value, MemorySegment first, MemorySegment second) {
            return (int) Downcalls.call(address, value, first.address(), second.address());
        }
    }

    /// `int f(T *)`
    public record IntOfPointer(MemorySegment address) {
        public int call(long pointer) {
            return (int) Downcalls.call(address, pointer);
        }
    }

    /// `int f(T *, int)`
    public record IntOfPointerInt(MemorySegment address) {
        public int call(long pointer, int value) {
            return (int) Downcalls.call(address, pointer, value);
        }
    }

    /// `int f(T *, S *, size_t)`, with memory of ours
    public record IntOfPointerMemoryLong(MemorySegment address) {
        public int call(long pointer, MemorySegment memory, long size) {
            return (int) Downcalls.call(address, pointer, memory.address(), size);
        }
    }

    /// `int f(T *, bool)`
    public record IntOfPointerBoolean(MemorySegment address) {
        public int call(long pointer, boolean value) {
            return (int) Downcalls.call(address, pointer, value ? 1 : 0);
        }
    }

    /// `int f(int, S *)`: the one that the loop calls. It allocates nothing, and the memory cannot
    /// be freed meanwhile.
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
        public void call(long pointer) {
            Downcalls.call(address, pointer);
        }
    }

    /// `f(S *)` whose result nobody needs, with memory of ours
    public record VoidOfMemory(MemorySegment address) {
        public void call(MemorySegment memory) {
            Downcalls.call(address, memory.address());
        }
    }

    /// `const char *f(void)`
    public record StringOf(MemorySegment address) {
        public String call() {
            return Downcalls.string(Downcalls.call(address));
        }
    }

    /// `const char *f(T *)`
    public record StringOfPointer(MemorySegment address) {
        public String call(long pointer) {
            return Downcalls.string(Downcalls.call(address, pointer));
        }
    }

    /// `T *f(U *)`
    public record PointerOfPointer(MemorySegment address) {
        public long call(long pointer) {
            return Downcalls.callOrErrno(NULL, address, pointer);
        }
    }

    /// `T *f(U *, T *)`
    public record PointerOfPointerPointer(MemorySegment address) {
        public long call(long first, long second) {
            return Downcalls.callOrErrno(NULL, address, first, second);
        }
    }

    /// `T *f(U *, S *)`, with memory of ours
    public record PointerOfPointerMemory(MemorySegment address) {
        public long call(long pointer, MemorySegment memory) {
            return Downcalls.callOrErrno(NULL, address, pointer, memory.address());
        }
    }

    /// `T *f(S *, size_t, S *)`, with memory of ours
    public record PointerOfMemoryLongMemory(MemorySegment address) {
        public long call(MemorySegment first, long size, MemorySegment second) {
            return Downcalls.callOrErrno(NULL, address, first.address(), size, second.address());
        }
    }
}
