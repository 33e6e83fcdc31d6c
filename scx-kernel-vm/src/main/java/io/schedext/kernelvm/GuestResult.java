// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.time.Duration;

/// How a command in the guest ended.
///
/// @param command the command as text
/// @param status its exit status as a shell gives it: 0 to 127, or 128 + number of the signal that
///   ended it
/// @param timedOut whether it was ended because its time was up
/// @param stdout all it wrote there
/// @param stderr all it wrote there
/// @param time from its request to its end, by the host's clock
public record GuestResult(
        String command, int status, boolean timedOut, String stdout, String stderr, Duration time) {

    /// Returns itself when the command ended by itself with status 0.
    ///
    /// @throws GuestException otherwise, with all output
    public GuestResult requireSuccess() {
        if (status == 0 && !timedOut) {
            return this;
        }
        String how = timedOut ? "did not end within its time" : "ended with status " + status;
        throw new GuestException(
                "in the guest, `%s` %s after %d ms%n%s%s"
                        .formatted(command, how, time.toMillis(), stdout, stderr));
    }
}
