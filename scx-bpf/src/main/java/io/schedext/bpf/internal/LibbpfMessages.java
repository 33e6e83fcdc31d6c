// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// libbpf's own messages, on their way to SLF4J.
///
/// libbpf calls back on the thread that called it. A warning is often the only place where the
/// reason of a failure stands, so the warnings of one call can also be collected, for its
/// exception.
public final class LibbpfMessages {
    private static final Logger LOG = LoggerFactory.getLogger("io.schedext.bpf.libbpf");
    private static final ScopedValue<List<String>> WARNINGS = ScopedValue.newInstance();

    // enum libbpf_print_level
    private static final int LIBBPF_WARN = 0;
    private static final int LIBBPF_INFO = 1;

    private static final int BUFFER_BYTES = 4096;

    private LibbpfMessages() {}

    /// A `libbpf_print_fn_t` that lives as long as the process.
    static MemorySegment printFunction() {
        // int print(enum libbpf_print_level level, const char *format, va_list arguments)
        return Downcalls.upcall(
                MethodHandles.lookup(),
                LibbpfMessages.class,
                "print",
                MethodType.methodType(
                        int.class, int.class, MemorySegment.class, MemorySegment.class),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    /// What a call of libbpf's returned, and the warnings libbpf gave meanwhile.
    public record Collected<T>(T result, List<String> warnings) {}

    /// Runs a call of libbpf's and collects its warnings.
    public static <T> Collected<T> collect(Supplier<T> call) {
        List<String> warnings = new ArrayList<>();
        T result = ScopedValue.where(WARNINGS, warnings).call(call::get);
        return new Collected<>(result, List.copyOf(warnings));
    }

    /// Called from C, where an exception would end the JVM.
    @SuppressWarnings("unused")
    private static int print(int level, MemorySegment format, MemorySegment arguments) {
        try {
            boolean warning = level == LIBBPF_WARN;
            Level logLevel = warning ? Level.WARN : level == LIBBPF_INFO ? Level.INFO : Level.DEBUG;
            boolean collecting = warning && WARNINGS.isBound();
            if (!collecting && !LOG.isEnabledForLevel(logLevel)) {
                return 0;
            }
            String message = format(format, arguments).strip();
            // A warning of a collected call reaches the user in the exception, if the call fails at
            // all.
            LOG.atLevel(collecting ? Level.DEBUG : logLevel).log("{}", message);
            if (collecting) {
                WARNINGS.get().add(message);
            }
        } catch (Throwable _) {
            // There is nobody to tell: C cannot take an exception, and the logger may be what
            // failed.
        }
        return 0;
    }

    private static String format(MemorySegment format, MemorySegment arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES);
            Libc.vsnprintf(buffer, format, arguments);
            return buffer.getString(0);
        }
    }
}
