// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The object files that were compiled from src/test/bpf.
public final class TestObject {
    private TestObject() {}

    /// The bytes of one.
    ///
    /// @param name of the source, without `.bpf.c`
    public static byte[] elf(String name) {
        String file = "/bpf/" + name + ".bpf.o";
        try (InputStream in = TestObject.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new AssertionError(file + " was not compiled");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
