// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.comparison;

import io.schedext.bpf.Btf;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.internal.KernelConstants;
import io.schedext.core.internal.KernelProgram;
import io.schedext.core.internal.Layout;
import io.schedext.core.internal.Preflight;
import io.schedext.core.spi.KernelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The guest's C program that attaches a BPF object through libbpf (`vm/image/attach.c`), with the
/// scheduler's object and what Java would write into it.
final class AttachProgram {

    private static final String CONFIG = ".rodata.config";

    private AttachProgram() {}

    /// Its command line.
    ///
    /// @param options as the scheduler has them
    /// @param object where the object is put
    static List<String> words(SchedulerOptions options, Path object) throws IOException {
        byte[] elf = KernelProgram.bytes();
        Files.write(object, elf);
        Preflight machine = new Preflight(Path.of("/"));
        KernelConstants constants = KernelConstants.of(Btf.ofKernel());
        KernelConfig config = KernelConfig.of(options);
        List<String> words =
                new ArrayList<>(List.of("/scx/attach", object.toString(), KernelProgram.SCHEDULER));
        words.add("entries:" + KernelProgram.CPUS + ":" + machine.possibleCpus());
        words.add("size:" + KernelProgram.DUMP + ":" + KernelProgram.dumpBytes(options));
        words.add(value(CONFIG, Layout.Config.SLICE_NS, 8, config.sliceNs()));
        words.add(value(CONFIG, Layout.Config.MAX_SLICE_NS, 8, config.maxSliceNs()));
        words.add(value(CONFIG, Layout.Config.OVERDUE_NS, 8, config.overdueNs()));
        words.add(value(CONFIG, Layout.Config.TIMER_NS, 8, config.timerNs()));
        words.add(value(CONFIG, Layout.Config.SILENT_AFTER_NS, 8, config.silentAfterNs()));
        words.add(value(CONFIG, Layout.Config.HEARTBEAT_NS, 8, config.heartbeatNs()));
        words.add(value(CONFIG, Layout.Config.DUMP_BYTES, 4, KernelProgram.dumpBytes(options)));
        words.add(value(CONFIG, Layout.Config.BUILTIN_IDLE, 1, config.builtinIdle() ? 1 : 0));

        Btf.Struct ops = Btf.ofElf(elf).struct("sched_ext_ops").orElseThrow();
        words.add(ops(ops, "flags", 8, constants.enqLast() | constants.allowQueuedWakeup()));
        words.add(ops(ops, "timeout_ms", 4, options.watchdogTimeout().toMillis()));
        words.add(ops(ops, "hotplug_seq", 8, machine.hotplugSequence()));
        long name = 'c'; // one letter will do
        words.add(ops(ops, "name", 8, name));
        return words;
    }

    private static String ops(Btf.Struct type, String member, int bytes, long number) {
        long offset = type.member(member).orElseThrow().offset();
        return value(KernelProgram.SCHEDULER, offset, bytes, number);
    }

    private static String value(String map, long offset, int bytes, long number) {
        return "value:" + map + ":" + offset + ":" + bytes + ":" + Long.toUnsignedString(number);
    }
}
