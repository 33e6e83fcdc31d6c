// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// One output stream of a command: keeps all of it and hands on each line when it is complete.
final class OutputCollector {
    private final Consumer<String> lines;
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    OutputCollector(Consumer<String> lines) {
        this.lines = lines;
    }

    void accept(byte[] bytes) {
        all.writeBytes(bytes);
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, from, i - from);
                emit();
                from = i + 1;
            }
        }
        line.write(bytes, from, bytes.length - from);
    }

    /// Hands on a last line that has no end.
    void finish() {
        if (line.size() > 0) {
            emit();
        }
    }

    String text() {
        return all.toString(StandardCharsets.UTF_8);
    }

    private void emit() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        lines.accept(text);
    }
}
