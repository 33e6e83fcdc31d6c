// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.fake;

import io.schedext.core.internal.Layout.Queued;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// A task as the kernel describes it, to be filled in and queued at a [FakeKernel]. Reusable; only
/// [#comm(String)] allocates.
public final class TaskRecord {

    private final MemorySegment memory =
            MemorySegment.ofArray(new long[(int) (Queued.BYTES / Long.BYTES)]);

    /// A task of nice 0 that may use two CPUs, is on CPU 0 and new.
    ///
    /// @param pid its thread id
    public TaskRecord(int pid) {
        pid(pid).tgid(pid).nrCpusAllowed(2).weight(100).generation(1).comm("task");
    }

    MemorySegment memory() {
        return memory;
    }

    public TaskRecord pid(int value) {
        return set(Queued.PID, value);
    }

    public TaskRecord tgid(int value) {
        return set(Queued.TGID, value);
    }

    public TaskRecord cpu(int value) {
        return set(Queued.CPU, value);
    }

    public TaskRecord nrCpusAllowed(int value) {
        return set(Queued.NR_CPUS_ALLOWED, value);
    }

    public TaskRecord flags(long value) {
        return set(Queued.FLAGS, value);
    }

    /// It last ran from one time to another, nanoseconds of the kernel's clock.
    public TaskRecord ran(long from, long to) {
        return set(Queued.START_TS, from).set(Queued.STOP_TS, to);
    }

    public TaskRecord execRuntime(long value) {
        return set(Queued.EXEC_RUNTIME, value);
    }

    public TaskRecord weight(long value) {
        return set(Queued.WEIGHT, value);
    }

    public TaskRecord vtime(long value) {
        return set(Queued.VTIME, value);
    }

    public TaskRecord generation(long value) {
        return set(Queued.GENERATION, value);
    }

    /// @param value at most 16 bytes of UTF-8; the kernel's own have 15 and a zero
    public TaskRecord comm(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        memory.asSlice(Queued.COMM, Queued.BYTES - Queued.COMM)
                .fill((byte) 0)
                .copyFrom(MemorySegment.ofArray(bytes));
        return this;
    }

    private TaskRecord set(long offset, int value) {
        memory.set(ValueLayout.JAVA_INT, offset, value);
        return this;
    }

    private TaskRecord set(long offset, long value) {
        memory.set(ValueLayout.JAVA_LONG, offset, value);
        return this;
    }
}
