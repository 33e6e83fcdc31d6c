// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import io.schedext.bpf.Btf;
import io.schedext.core.ExitKind;
import io.schedext.core.ExitStatus;
import io.schedext.core.SchedulerException;
import java.util.HashMap;
import java.util.Map;

/// Numbers of the running kernel, read from its BTF.
///
/// @param switchPartial `SCX_OPS_SWITCH_PARTIAL`
/// @param enqLast `SCX_OPS_ENQ_LAST`
/// @param allowQueuedWakeup `SCX_OPS_ALLOW_QUEUED_WAKEUP`, 0 where there is none
/// @param builtinIdlePerNode `SCX_OPS_BUILTIN_IDLE_PER_NODE`, 0 where there is none
/// @param actRestart `SCX_ECODE_ACT_RESTART`
/// @param exitKinds the numbers of `enum scx_exit_kind`
public record KernelConstants(
        long switchPartial,
        long enqLast,
        long allowQueuedWakeup,
        long builtinIdlePerNode,
        long actRestart,
        Map<Long, ExitKind> exitKinds) {

    private static final Map<String, ExitKind> EXIT_KINDS =
            Map.of(
                    "SCX_EXIT_NONE", ExitKind.NONE,
                    "SCX_EXIT_UNREG", ExitKind.UNREGISTERED,
                    "SCX_EXIT_UNREG_BPF", ExitKind.UNREGISTERED_BY_BPF,
                    "SCX_EXIT_UNREG_KERN", ExitKind.UNREGISTERED_BY_KERNEL,
                    "SCX_EXIT_SYSRQ", ExitKind.SYSRQ,
                    "SCX_EXIT_ERROR", ExitKind.ERROR,
                    "SCX_EXIT_ERROR_BPF", ExitKind.ERROR_BPF,
                    "SCX_EXIT_ERROR_STALL", ExitKind.STALL);

    /// Reads them.
    ///
    /// @throws SchedulerException when the kernel's sched_ext is not one we know
    public static KernelConstants of(Btf kernel) {
        Map<Long, ExitKind> exitKinds = new HashMap<>();
        EXIT_KINDS.forEach((name, kind) ->
                kernel.enumValue("scx_exit_kind", name)
                        .ifPresent(value -> exitKinds.put(value, kind)));
        return new KernelConstants(
                required(kernel, "scx_ops_flags", "SCX_OPS_SWITCH_PARTIAL"),
                required(kernel, "scx_ops_flags", "SCX_OPS_ENQ_LAST"),
                kernel.enumValue("scx_ops_flags", "SCX_OPS_ALLOW_QUEUED_WAKEUP").orElse(0),
                kernel.enumValue("scx_ops_flags", "SCX_OPS_BUILTIN_IDLE_PER_NODE").orElse(0),
                required(kernel, "scx_exit_code", "SCX_ECODE_ACT_RESTART"),
                Map.copyOf(exitKinds));
    }

    private static long required(Btf kernel, String type, String value) {
        return kernel.enumValue(type, value)
                .orElseThrow(() ->
                        new SchedulerException(
                                ExitStatus.NO_SCHED_EXT,
                                "This kernel's sched_ext has no "
                                        + value
                                        + ": boot Linux 6.12 or newer."));
    }

    /// The kind behind a number.
    public ExitKind exitKind(long number) {
        return exitKinds.getOrDefault(number, ExitKind.UNKNOWN);
    }
}
