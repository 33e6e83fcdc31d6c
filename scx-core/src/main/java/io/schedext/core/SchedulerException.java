// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import io.schedext.bpf.BpfException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A scheduler could not start, or its policy failed. The message is one sentence for people: what
/// is wrong and what to do.
public final class SchedulerException extends RuntimeException {
    /// libbpf's words. Seen on kernels from 7.1 on whose build lost some of the marks that say
    /// which functions have an argument that BPF programs do not see.
    private static final Pattern DESCRIBED_WRONGLY =
            Pattern.compile("'([a-z_]+)': func_proto \\[\\d+\\] incompatible with vmlinux");

    private static final long serialVersionUID = 1;

    private final ExitStatus status;

    /// A failure that nothing else caused.
    ///
    /// @param status what a script is told
    /// @param message what people are told
    public SchedulerException(ExitStatus status, String message) {
        this(status, message, null);
    }

    /// A failure with its cause.
    ///
    /// @param status what a script is told
    /// @param message what people are told
    /// @param cause the details, or null
    public SchedulerException(ExitStatus status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    static SchedulerException of(BpfException e) {
        Matcher wrong = DESCRIBED_WRONGLY.matcher(e.getMessage());
        if (wrong.find()) {
            return new SchedulerException(
                    ExitStatus.NO_BTF,
                    "This kernel describes its function "
                            + wrong.group(1)
                            + " wrongly in /sys/kernel/btf/vmlinux, so no BPF program can call it:"
                            + " boot another build or version.",
                    e);
        }
        String message =
                e.kind() == BpfException.Kind.VERIFIER_REFUSED
                        ? "This kernel refuses the BPF program ("
                                + e.getMessage()
                                + "): report it, with the log at debug level."
                        : e.getMessage();
        return new SchedulerException(statusOf(e.kind()), message, e);
    }

    static ExitStatus statusOf(BpfException.Kind kind) {
        return switch (kind) {
            case LIBRARY_MISSING -> ExitStatus.NO_LIBBPF;
            case LIBRARY_TOO_OLD -> ExitStatus.OLD_LIBBPF;
            case BTF_MISSING -> ExitStatus.NO_BTF;
            case VERIFIER_REFUSED -> ExitStatus.REFUSED_BY_VERIFIER;
            case PERMISSION_DENIED -> ExitStatus.NOT_PERMITTED;
            case BUSY -> ExitStatus.OTHER_SCHEDULER;
            case NATIVE_ACCESS_DENIED, MALFORMED, NO_SUCH_NAME, FAILED -> ExitStatus.FAILED;
        };
    }

    /// What to end the process with.
    ///
    /// @return never [ExitStatus#OK]
    public ExitStatus status() {
        return status;
    }
}
