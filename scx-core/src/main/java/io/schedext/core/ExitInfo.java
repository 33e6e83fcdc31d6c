// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

/// Why a scheduler ended (`struct scx_exit_info`).
///
/// @param kind who ended it
/// @param code the exit code, if it ended in good order; its bits are `enum scx_exit_code`
/// @param reason the kind in the kernel's words, may be empty
/// @param message what the kernel says about it, may be empty
/// @param dump the kernel's debug dump, only after an error
/// @param shouldRestart whether the kernel asks to attach again at once: a CPU came or went
public record ExitInfo(
        ExitKind kind,
        long code,
        String reason,
        String message,
        String dump,
        boolean shouldRestart) {

    /// One line for people.
    ///
    /// @return kind, reason and message, without the dump
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.toString());
        if (!reason.isEmpty()) {
            text.append(": ").append(reason);
        }
        if (!message.isEmpty()) {
            text.append(" (").append(message).append(')');
        }
        return text.toString();
    }
}
