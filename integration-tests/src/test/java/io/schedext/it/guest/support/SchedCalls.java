// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The C library's calls that change how a task is scheduled: what chrt, taskset and renice do,
/// thousands of times per second and for the class SCHED_EXT, which Debian's chrt does not know.
/// Process id 0 is the calling thread. Any thread may call.
public final class SchedCalls {

    /// Scheduling policies of uapi/linux/sched.h.
    public static final int OTHER = 0;

    public static final int FIFO = 1;
    public static final int BATCH = 3;
    public static final int EXT = 7;

    private static final int PRIO_PROCESS = 0;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle CALL_STATE_ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    // int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
    private static final MethodHandle SET_SCHEDULER =
            bind("sched_setscheduler", FunctionDescriptor.of(INT, INT, INT, ValueLayout.ADDRESS));
    // int sched_setaffinity(pid_t pid, size_t cpusetsize, const cpu_set_t *mask)
    private static final MethodHandle SET_AFFINITY =
            bind("sched_setaffinity", FunctionDescriptor.of(INT, INT, LONG, ValueLayout.ADDRESS));
    // int setpriority(int which, id_t who, int prio)
    private static final MethodHandle SET_PRIORITY =
            bind("setpriority", FunctionDescriptor.of(INT, INT, INT, INT));

    // int kill(pid_t pid, int sig)
    private static final MethodHandle KILL = bind("kill", FunctionDescriptor.of(INT, INT, INT));
    private static final int SIGKILL = 9;

    private SchedCalls() {}

    @SuppressWarnings("restricted") // the point of this class
    private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, ERRNO);
    }

    /// Puts a task into another class.
    ///
    /// @param policy one of the constants
    /// @param priority 1 to 99 for [#FIFO], else 0
    /// @return 0, or the errno
    public static int setPolicy(long pid, int policy, int priority) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment param = arena.allocateFrom(INT, priority);
            return errno((int) SET_SCHEDULER.invokeExact(state, (int) pid, policy, param), state);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Lets a task run on these CPUs only.
    ///
    /// @param mask bit n for CPU n; the first 64 will do
    /// @return 0, or the errno
    public static int setAffinity(long pid, long mask) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment bits = arena.allocateFrom(LONG, mask);
            return errno(
                    (int) SET_AFFINITY.invokeExact(state, (int) pid, bits.byteSize(), bits), state);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Sets a task's nice value, -20 to 19.
    ///
    /// @return 0, or the errno
    public static int setNice(long pid, int nice) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            return errno(
                    (int) SET_PRIORITY.invokeExact(state, PRIO_PROCESS, (int) pid, nice), state);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Kills all processes of a group at once, so that none is born meanwhile.
    ///
    /// @return 0, or the errno
    static int killGroup(long group) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            return errno((int) KILL.invokeExact(state, (int) -group, SIGKILL), state);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int errno(int result, MemorySegment state) {
        return result == 0 ? 0 : (int) CALL_STATE_ERRNO.get(state, 0L);
    }
}
