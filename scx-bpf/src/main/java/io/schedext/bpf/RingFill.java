// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// How full somebody else's ring is.
///
/// @param consumerPosition begins with how far it was read
/// @param producerPosition begins with how far it was written
public record RingFill(MemorySegment consumerPosition, MemorySegment producerPosition) {

    /// Bytes written and not yet read.
    ///
    /// @return 0 or more; the two positions are not of one instant
    public long bytes() {
        long read = consumerPosition.get(ValueLayout.JAVA_LONG, 0);
        return Math.max(0, producerPosition.get(ValueLayout.JAVA_LONG, 0) - read);
    }
}
