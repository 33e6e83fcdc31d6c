// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The system calls of the loop and of its start.
public final class Libc {

    /// uapi/linux/sched.h
    private static final int SCHED_OTHER = 0;

    private static final int SCHED_FIFO = 1;
    private static final int SCHED_EXT = 7;

    /// uapi/linux/prctl.h
    private static final int PR_SET_THP_DISABLE = 41;

    /// asm-generic/mman.h
    private static final int MCL_CURRENT = 1;

    private static final int MCL_FUTURE = 2;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle CALL_STATE_ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    // int sched_yield(void)
    private static final MethodHandle SCHED_YIELD = bind("sched_yield", FunctionDescriptor.of(INT));
    // int mlockall(int flags)
    private static final MethodHandle MLOCKALL =
            bind("mlockall", FunctionDescriptor.of(INT, INT), ERRNO);
    // int munlockall(void)
    private static final MethodHandle MUNLOCKALL = bind("munlockall", FunctionDescriptor.of(INT));
    // int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
    private static final MethodHandle SCHED_SETSCHEDULER =
            bind(
                    "sched_setscheduler",
                    FunctionDescriptor.of(INT, INT, INT, ValueLayout.ADDRESS),
                    ERRNO);

    // int sched_getscheduler(pid_t pid)
    private static final MethodHandle SCHED_GETSCHEDULER =
            bind("sched_getscheduler", FunctionDescriptor.of(INT, INT));
    // int prctl(int option, ...), here with the four unsigned long that this option takes
    private static final MethodHandle PRCTL =
            bind(
                    "prctl",
                    FunctionDescriptor.of(INT, INT, LONG, LONG, LONG, LONG),
                    Linker.Option.firstVariadicArg(1));

    private Libc() {}

    @SuppressWarnings("restricted") // the point of this class; see module-info
    private static MethodHandle bind(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }

    /// Gives the CPU away (sched_yield(2)); on Linux it cannot fail. Allocates nothing.
    public static void yield() {
        try {
            int _ = (int) SCHED_YIELD.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Keeps all memory of this process, present and future, in RAM (mlockall(2)).
    ///
    /// @return 0, or the errno
    public static int lockMemory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) MLOCKALL.invokeExact(state, MCL_CURRENT | MCL_FUTURE);
            return result == 0 ? 0 : (int) CALL_STATE_ERRNO.get(state, 0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Undoes [#lockMemory()] (munlockall(2)).
    public static void unlockMemory() {
        try {
            int _ = (int) MUNLOCKALL.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Puts the calling thread into the class SCHED_EXT (sched_setscheduler(2)).
    ///
    /// @return 0, or the errno
    public static int joinSchedExt() {
        return setScheduler(SCHED_EXT, 0);
    }

    /// Makes the calling thread a real-time one of the lowest priority, if it is an ordinary one
    /// and may become one.
    ///
    /// @return whether it is one now
    public static boolean becomeRealTime() {
        try {
            int policy = (int) SCHED_GETSCHEDULER.invokeExact(0);
            return policy == SCHED_OTHER && setScheduler(SCHED_FIFO, 1) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Makes the calling thread an ordinary one again.
    public static void becomeOrdinary() {
        setScheduler(SCHED_OTHER, 0);
    }

    /// Keeps this process out of transparent huge pages (PR_SET_THP_DISABLE(2const)): nobody moves
    /// its memory while it uses it. It cannot fail on a kernel with `sched_ext`.
    public static void refuseHugePages() {
        try {
            int _ = (int) PRCTL.invokeExact(PR_SET_THP_DISABLE, 1L, 0L, 0L, 0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int setScheduler(int policy, int priority) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment param = arena.allocateFrom(INT, priority);
            int result = (int) SCHED_SETSCHEDULER.invokeExact(state, 0, policy, param);
            return result == 0 ? 0 : (int) CALL_STATE_ERRNO.get(state, 0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
