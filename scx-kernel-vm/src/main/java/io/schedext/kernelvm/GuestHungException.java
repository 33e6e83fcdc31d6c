// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

/// The guest does not answer any more, or is gone. The message ends with the last lines of its
/// console.
public final class GuestHungException extends GuestException {
    private static final long serialVersionUID = 1L;

    /// @param message what does not answer
    public GuestHungException(String message) {
        super(message);
    }

    /// @param message what does not answer
    /// @param cause how that was found out
    public GuestHungException(String message, Throwable cause) {
        super(message, cause);
    }
}
