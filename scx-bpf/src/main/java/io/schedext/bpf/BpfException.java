// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.Errno;
import io.schedext.bpf.internal.VerifierLog;
import java.io.Serial;

/// Something that the kernel, libbpf or the machine refused.
///
/// The message is one line: what was being done, the errno by name and number, the reason. When the
/// verifier refused a program the reason is the last useful line of its log, and [#verifierLog()]
/// has all of it. What a caller may want to tell apart is in [#kind()]. Misuse of this library (a
/// closed object, an offset that was never reserved) is no BpfException: it is an
/// [IllegalStateException] or an [IllegalArgumentException].
public final class BpfException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final Kind kind;
    private final String operation;
    private final int errno;
    private final String verifierLog;

    /// What went wrong, as far as a caller can act on it.
    public enum Kind {
        /// The JVM was told to refuse native access to this module.
        NATIVE_ACCESS_DENIED,
        /// No libbpf that can be loaded.
        LIBRARY_MISSING,
        /// A libbpf was found, but it is older than this library needs.
        LIBRARY_TOO_OLD,
        /// The kernel has no BTF, or an object file has none.
        BTF_MISSING,
        /// BTF or ELF bytes that break their own format.
        MALFORMED,
        /// The verifier refused a program; see [BpfException#verifierLog()].
        VERIFIER_REFUSED,
        /// The process lacks a privilege (root, or CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN).
        PERMISSION_DENIED,
        /// What was asked for is held by someone else: another scheduler is attached, say.
        BUSY,
        /// The object has no such map or program.
        NO_SUCH_NAME,
        /// Anything else; [BpfException#errno()] has the particulars.
        FAILED
    }

    private BpfException(
            Kind kind,
            String operation,
            int errno,
            String message,
            String verifierLog,
            Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.operation = operation;
        this.errno = errno;
        this.verifierLog = verifierLog;
    }

    /// A failure without an errno.
    ///
    /// @param reason a whole sentence: what is wrong and what to do
    static BpfException of(Kind kind, String operation, String reason, Throwable cause) {
        return new BpfException(kind, operation, 0, operation + ": " + reason, "", cause);
    }

    /// A call that failed with an errno, which also decides the kind.
    ///
    /// @param detail what is known beyond the errno, or an empty text
    static BpfException ofErrno(String operation, int errno, String detail) {
        Kind kind =
                switch (errno) {
                    case Errno.EPERM, Errno.EACCES -> Kind.PERMISSION_DENIED;
                    case Errno.EBUSY -> Kind.BUSY;
                    default -> Kind.FAILED;
                };
        String reason = detail.isEmpty() ? hint(kind) : ": " + detail;
        return new BpfException(
                kind, operation, errno, operation + ": " + Errno.text(errno) + reason, "", null);
    }

    /// A program that the verifier refused.
    static BpfException ofVerifier(String operation, int errno, String log) {
        String summary = VerifierLog.summary(log);
        return new BpfException(
                Kind.VERIFIER_REFUSED,
                operation,
                errno,
                operation + ": " + Errno.text(errno) + ": " + summary,
                log,
                null);
    }

    private static String hint(Kind kind) {
        return switch (kind) {
            case PERMISSION_DENIED ->
                    ": run as root, or with CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN";
            case BUSY -> ": something else already holds it";
            default -> "";
        };
    }

    /// What went wrong.
    public Kind kind() {
        return kind;
    }

    /// What was being done, `load main.bpf.o: program enqueue` say.
    public String operation() {
        return operation;
    }

    /// The error number, 0 where there was none.
    public int errno() {
        return errno;
    }

    /// The error number's name, `EBUSY` say; empty where there was none.
    public String errnoName() {
        return errno == 0 ? "" : Errno.name(errno);
    }

    /// All that the verifier wrote about the program it refused; empty when that was not the
    /// reason.
    public String verifierLog() {
        return verifierLog;
    }
}
