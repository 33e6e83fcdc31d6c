// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file in memory, whose descriptor plays a map's.
public final class MemFile implements AutoCloseable {
    private static final MethodHandle CREATE =
            Downcalls.shape(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle TRUNCATE =
            Downcalls.shape(FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle CLOSE =
            Downcalls.shape(FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final int fd;

    private MemFile(int fd) {
        this.fd = fd;
    }

    public static MemFile ofBytes(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("map");
            int fd = (int) CREATE.invokeExact(Downcalls.libc("memfd_create"), name, 0);
            int result = (int) TRUNCATE.invokeExact(Downcalls.libc("ftruncate"), fd, bytes);
            if (fd < 0 || result != 0) {
                throw new AssertionError("no file in memory: " + fd + ", " + result);
            }
            return new MemFile(fd);
        } catch (Throwable e) {
            throw Downcalls.rethrown(e);
        }
    }

    public int fd() {
        return fd;
    }

    /// The number at an offset.
    public int read(long offset) throws IOException {
        try (FileChannel file =
                FileChannel.open(Path.of("/proc/self/fd/" + fd), StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
            file.read(bytes, offset);
            return bytes.getInt(0);
        }
    }

    @Override
    public void close() {
        try {
            int result = (int) CLOSE.invokeExact(Downcalls.libc("close"), fd);
            assert result == 0 : "the file was closed by someone else";
        } catch (Throwable e) {
            throw Downcalls.rethrown(e);
        }
    }
}
