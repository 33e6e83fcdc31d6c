// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// Who ended a scheduler, as `enum scx_exit_kind` of the running kernel has it.
public enum ExitKind {
    /// It has not ended.
    NONE,
    /// It was detached by its own process, or the process died.
    UNREGISTERED,
    /// Its BPF program asked to end.
    UNREGISTERED_BY_BPF,
    /// The kernel ended it in good order; CPU hotplug does.
    UNREGISTERED_BY_KERNEL,
    /// Somebody pressed SysRq-S.
    SYSRQ,
    /// The kernel found an error in what it did.
    ERROR,
    /// Its BPF program reported an error.
    ERROR_BPF,
    /// The watchdog found a runnable task that did not get to run.
    STALL,
    /// A kind this version does not know.
    UNKNOWN;

    /// Whether the kernel threw the scheduler out.
    ///
    /// @return true for an error or a stall, and for what is not known
    public boolean isEviction() {
        return switch (this) {
            case ERROR, ERROR_BPF, STALL, UNKNOWN, SYSRQ -> true;
            case NONE, UNREGISTERED, UNREGISTERED_BY_BPF, UNREGISTERED_BY_KERNEL -> false;
        };
    }
}
