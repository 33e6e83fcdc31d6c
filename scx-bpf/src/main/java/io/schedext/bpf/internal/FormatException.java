// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.io.Serial;

/// Bytes that break the format they claim to have.
public final class FormatException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    public FormatException(String reason) {
        super(reason);
    }
}
