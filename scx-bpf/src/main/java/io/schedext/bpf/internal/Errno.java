// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

/// Names of Linux error numbers, as in `include/uapi/asm-generic/errno{-base,}.h` (the numbers of
/// x86-64, aarch64 and riscv64).
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EINVAL = 22;

    private static final String[] NAMES = {
        null,
        "EPERM",
        "ENOENT",
        "ESRCH",
        "EINTR",
        "EIO",
        "ENXIO",
        "E2BIG",
        "ENOEXEC",
        "EBADF",
        "ECHILD",
        "EAGAIN",
        "ENOMEM",
        "EACCES",
        "EFAULT",
        "ENOTBLK",
        "EBUSY",
        "EEXIST",
        "EXDEV",
        "ENODEV",
        "ENOTDIR",
        "EISDIR",
        "EINVAL",
        "ENFILE",
        "EMFILE",
        "ENOTTY",
        "ETXTBSY",
        "EFBIG",
        "ENOSPC",
        "ESPIPE",
        "EROFS",
        "EMLINK",
        "EPIPE",
        "EDOM",
        "ERANGE",
        "EDEADLK",
        "ENAMETOOLONG",
        "ENOLCK",
        "ENOSYS",
        "ENOTEMPTY",
        "ELOOP",
    };

    private Errno() {}

    /// The name of `errno`, or `errno` as a word where it has none here.
    public static String name(int errno) {
        if (errno > 0 && errno < NAMES.length) {
            return NAMES[errno];
        }
        return switch (errno) {
            case 42 -> "ENOMSG";
            case 61 -> "ENODATA";
            case 62 -> "ETIME";
            case 71 -> "EPROTO";
            case 75 -> "EOVERFLOW";
            case 77 -> "EBADFD";
            case 84 -> "EILSEQ";
            case 90 -> "EMSGSIZE";
            case 92 -> "ENOPROTOOPT";
            case 93 -> "EPROTONOSUPPORT";
            case 95 -> "EOPNOTSUPP";
            case 105 -> "ENOBUFS";
            case 110 -> "ETIMEDOUT";
            case 114 -> "EALREADY";
            case 115 -> "EINPROGRESS";
            case 116 -> "ESTALE";
            case 122 -> "EDQUOT";
            case 125 -> "ECANCELED";
            // The kernel's own, which leaks to user space from some BPF paths.
            case 524 -> "ENOTSUPP";
            default -> "errno";
        };
    }

    /// For messages: `EBUSY (16)`.
    public static String text(int errno) {
        return name(errno) + " (" + errno + ")";
    }
}
