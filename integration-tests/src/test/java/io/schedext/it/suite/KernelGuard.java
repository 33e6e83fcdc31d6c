// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// Fails a test after which the kernel's log has a new complaint, or a scheduler is still attached.
/// The latter is thrown out, so that the next test begins with the kernel's own.
///
/// Registered for all guest tests by [io.schedext.it.guest.GuestSuite]; does nothing elsewhere.
public final class KernelGuard implements BeforeEachCallback, AfterEachCallback {
    /// Names the system property that switches it on.
    public static final String ENABLED = "scx.guest";

    private static final Path STATE = Path.of("/sys/kernel/sched_ext/state");
    private static final Path SYSRQ = Path.of("/proc/sysrq-trigger");
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(10);
    private static final Duration DETACH_PATIENCE = Duration.ofSeconds(5);
    private static final String START = "start";

    private KernelLog log;

    @Override
    public void beforeEach(ExtensionContext context) {
        if (Boolean.getBoolean(ENABLED)) {
            store(context)
                    .put(START, log().mark("begin " + context.getDisplayName(), LOG_PATIENCE));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Integer start = store(context).get(START, Integer.class);
        if (start == null) {
            return;
        }
        String state = awaitDisabled();
        if (!state.equals("disabled")) {
            evict();
        }
        int end = log().mark("end " + context.getDisplayName(), LOG_PATIENCE);
        List<String> violations =
                KernelLogRules.violations(log().lines(start, end), allowed(context));
        if (!violations.isEmpty()) {
            fail(
                    "the kernel complained during the test:\n"
                            + String.join("\n", violations)
                            + "\nits whole log:\n"
                            + String.join("\n", log().lines(start, end)));
        }
        if (!state.equals("disabled")) {
            fail("after the test the state of sched_ext is " + state + ", not disabled");
        }
    }

    private synchronized KernelLog log() {
        if (log == null) {
            log = KernelLog.follow();
        }
        return log;
    }

    private static String awaitDisabled() {
        long deadline = System.nanoTime() + DETACH_PATIENCE.toNanos();
        String state = read();
        while (!state.equals("disabled") && System.nanoTime() < deadline) {
            sleep();
            state = read();
        }
        return state;
    }

    /// SysRq-S: the kernel ends whatever scheduler there is.
    private static void evict() {
        try {
            Files.writeString(SYSRQ, "S");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot end the scheduler that a test left behind", e);
        }
        awaitDisabled();
    }

    private static List<String> allowed(ExtensionContext context) {
        List<String> allowed = new ArrayList<>();
        Stream.of(context.getTestMethod(), context.getTestClass())
                .flatMap(element ->
                        AnnotationSupport.findAnnotation(element, AllowKernelLog.class).stream())
                .forEach(annotation -> allowed.addAll(List.of(annotation.value())));
        return allowed;
    }

    private static String read() {
        try {
            return Files.readString(STATE).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the kernel has no sched_ext", e);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(
                ExtensionContext.Namespace.create(KernelGuard.class, context.getUniqueId()));
    }
}
