// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import io.schedext.bpf.internal.LibbpfFunctions;
import java.util.function.Consumer;

/// An attached program or struct_ops. Any thread may close it; double close does nothing.
public final class BpfLink implements AutoCloseable {
    private final LibbpfFunctions libbpf;
    private final String operation;
    private final Consumer<BpfLink> onClosed;
    private long pointer;

    BpfLink(LibbpfFunctions libbpf, long pointer, String operation, Consumer<BpfLink> onClosed) {
        this.libbpf = libbpf;
        this.pointer = pointer;
        this.operation = operation;
        this.onClosed = onClosed;
    }

    /// Whether this link still stands, as far as this process is concerned: the kernel may have
    /// thrown a struct_ops out.
    public synchronized boolean isOpen() {
        return pointer != 0;
    }

    /// Detaches. When it returns the kernel calls the programs no more.
    @Override
    public synchronized void close() {
        if (pointer == 0) {
            return;
        }
        long link = pointer;
        pointer = 0;
        libbpf.bpf_link__destroy.call(link);
        onClosed.accept(this);
    }

    @Override
    public String toString() {
        return operation;
    }
}
