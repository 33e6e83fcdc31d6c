// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.bpf;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.schedext.bpf.BpfException;
import org.junit.jupiter.api.Test;

/// The same through the oldest libbpf that is supported.
class BpfObjectOldestLibbpfTest extends BpfObjectTest {
    @Override
    Library library() {
        return Library.OLDEST;
    }

    /// This one would use freed memory, because the object has a struct_ops.
    @Test
    @Override
    void aSectionThatEndsInAnArrayIsResizedToo() {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(super::aSectionThatEndsInAnArrayIsResizedToo)
                .withMessageContaining("libbpf 1.4 cannot resize a section that ends in an array");
    }
}
