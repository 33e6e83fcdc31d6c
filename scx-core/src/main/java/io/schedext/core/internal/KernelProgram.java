// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import io.schedext.bpf.BpfMap;
import io.schedext.bpf.BpfObject;
import io.schedext.bpf.Btf;
import io.schedext.bpf.Libbpf;
import io.schedext.bpf.OpenBpfObject;
import io.schedext.core.ExitStatus;
import io.schedext.core.SchedulerException;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.spi.KernelConfig;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// The BPF program in this jar: configured by the options, then loaded.
public final class KernelProgram {

    /// Names in main.bpf.c and state.h.
    public static final String QUEUED = "queued";

    public static final String DISPATCHED = "dispatched";
    public static final String CPUS = "cpus";
    public static final String TASKS = "tasks";
    public static final String STATE = ".data.state";
    public static final String EXIT = ".data.exit";
    public static final String DUMP = ".data.dump";
    public static final String SCHEDULER = "scheduler";
    public static final String IDENTIFY_LOOP = "identify_loop";
    public static final String FIND_IDLE_CPU = "find_idle_cpu";

    public static final String REHEARSE = "rehearse";
    public static final String DRAIN_REHEARSAL = "drain_rehearsal";

    private static final String CONFIG = ".rodata.config";
    private static final String RESOURCE = "main.bpf.o";

    private static final int DEFAULT_DUMP_BYTES = 32 << 10;

    private KernelProgram() {}

    /// The compiled program.
    public static byte[] bytes() {
        try (InputStream in = KernelProgram.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new SchedulerException(
                        ExitStatus.FAILED,
                        "scx-core was built without its BPF program: build it again with Maven.");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new SchedulerException(ExitStatus.FAILED, "The scx-core jar cannot be read.", e);
        }
    }

    /// Opens, configures and loads it.
    ///
    /// @param tasks the task storage of an earlier load, to be used again
    public static BpfObject load(
            Libbpf libbpf,
            SchedulerOptions options,
            KernelConstants constants,
            Preflight preflight,
            Optional<BpfMap> tasks) {
        try (OpenBpfObject object = open(libbpf, options, constants, preflight)) {
            tasks.ifPresent(map -> object.reuse(TASKS, map));
            return object.load();
        }
    }

    /// Opens and configures it.
    public static OpenBpfObject open(
            Libbpf libbpf,
            SchedulerOptions options,
            KernelConstants constants,
            Preflight preflight) {
        byte[] elf = bytes();
        if (options.numaLocal() && constants.builtinIdlePerNode() == 0) {
            throw new SchedulerException(
                    ExitStatus.NO_SCHED_EXT,
                    "This kernel cannot look for idle CPUs per NUMA node: leave the option out, or boot"
                            + " Linux 6.15 or newer.");
        }
        OpenBpfObject object = libbpf.open("scx", elf);
        try {
            object.maxEntries(CPUS, preflight.possibleCpus());
            object.valueSize(DUMP, dumpBytes(options));
            configure(object.initialValue(CONFIG), options, preflight.coresAreSingle());
            describe(
                    object.initialValue(SCHEDULER),
                    Btf.ofElf(elf),
                    options,
                    constants,
                    preflight.hotplugSequence());
            return object;
        } catch (RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /// The dump buffer's size in bytes.
    public static int dumpBytes(SchedulerOptions options) {
        return options.exitDumpBytes() == 0 ? DEFAULT_DUMP_BYTES : options.exitDumpBytes();
    }

    private static void configure(
            MemorySegment config, SchedulerOptions options, boolean coresAreSingle) {
        KernelConfig values = KernelConfig.of(options);
        config.set(ValueLayout.JAVA_LONG, Layout.Config.SLICE_NS, values.sliceNs());
        config.set(ValueLayout.JAVA_LONG, Layout.Config.MAX_SLICE_NS, values.maxSliceNs());
        config.set(ValueLayout.JAVA_LONG, Layout.Config.OVERDUE_NS, values.overdueNs());
        config.set(ValueLayout.JAVA_LONG, Layout.Config.TIMER_NS, values.timerNs());
        config.set(ValueLayout.JAVA_LONG, Layout.Config.SILENT_AFTER_NS, values.silentAfterNs());
        config.set(ValueLayout.JAVA_LONG, Layout.Config.HEARTBEAT_NS, values.heartbeatNs());
        config.set(ValueLayout.JAVA_INT, Layout.Config.DUMP_BYTES, dumpBytes(options));
        config.set(ValueLayout.JAVA_BYTE, Layout.Config.BUILTIN_IDLE, bool(values.builtinIdle()));
        config.set(ValueLayout.JAVA_BYTE, Layout.Config.NUMA_LOCAL, bool(values.numaLocal()));
        config.set(ValueLayout.JAVA_BYTE, Layout.Config.DEBUG, bool(options.debug()));
        config.set(ValueLayout.JAVA_BYTE, Layout.Config.NO_SIBLINGS, bool(coresAreSingle));
    }

    private static byte bool(boolean value) {
        return (byte) (value ? 1 : 0);
    }

    private static long offset(Btf.Struct type, String member) {
        return type.member(member).orElseThrow().offset();
    }

    private static void describe(
            MemorySegment ops,
            Btf program,
            SchedulerOptions options,
            KernelConstants constants,
            long hotplugSequence) {
        Btf.Struct type = program.struct("sched_ext_ops").orElseThrow();
        long flags = constants.enqLast() | constants.allowQueuedWakeup();
        if (options.partial()) {
            flags |= constants.switchPartial();
        }
        if (options.numaLocal()) {
            flags |= constants.builtinIdlePerNode();
        }
        ops.set(ValueLayout.JAVA_LONG, offset(type, "flags"), flags);
        ops.set(
                ValueLayout.JAVA_INT,
                offset(type, "timeout_ms"),
                Math.toIntExact(options.watchdogTimeout().toMillis()));
        ops.set(ValueLayout.JAVA_INT, offset(type, "exit_dump_len"), options.exitDumpBytes());
        ops.set(ValueLayout.JAVA_LONG, offset(type, "hotplug_seq"), hotplugSequence);
        ops.setString(offset(type, "name"), options.name());
    }
}
