// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// The exit statuses of a scheduler's process, a number for each thing that a script may want to
/// tell apart.
public enum ExitStatus {
    /// Detached because it was told to, by a signal or otherwise.
    OK(0),
    /// Something nobody foresaw; the log has the details.
    FAILED(1),
    /// The command line makes no sense.
    USAGE(2),
    /// Not root, and without the capabilities that stand in for it.
    NOT_PERMITTED(10),
    /// This kernel has no sched_ext.
    NO_SCHED_EXT(11),
    /// Another scheduler is attached.
    OTHER_SCHEDULER(12),
    /// No libbpf was found.
    NO_LIBBPF(13),
    /// The libbpf found is too old.
    OLD_LIBBPF(14),
    /// This kernel does not describe its types (BTF), or a function wrongly.
    NO_BTF(15),
    /// The kernel's verifier refused the BPF program.
    REFUSED_BY_VERIFIER(16),
    /// Memory cannot be locked.
    MEMORY_NOT_LOCKED(17),
    /// The kernel threw the scheduler out: an error, or a task that did not get to run.
    EVICTED(20),
    /// The policy threw an exception.
    POLICY_FAILED(21),
    /// The kernel side cannot read the ring of decisions any more: something wrote over it.
    RING_DAMAGED(22),
    /// There is no scheduler to be monitored.
    NOT_ATTACHED(23);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    /// The number to end the process with.
    ///
    /// @return 0 to 125
    public int code() {
        return code;
    }
}
