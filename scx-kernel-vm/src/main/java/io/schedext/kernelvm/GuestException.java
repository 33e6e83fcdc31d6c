// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

/// Something in the guest, or on the way to it, went wrong.
public class GuestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what went wrong, with what the guest said about it
    public GuestException(String message) {
        super(message);
    }

    /// @param message what went wrong
    /// @param cause why
    public GuestException(String message, Throwable cause) {
        super(message, cause);
    }
}
