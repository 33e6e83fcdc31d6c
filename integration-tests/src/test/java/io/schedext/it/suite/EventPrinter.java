// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Prints what JUnit tells as [SuiteEvent]s, and keeps the watchdog informed.
public final class EventPrinter implements TestExecutionListener {
    private static final int MESSAGE_CHARS = 12_000;

    private final PrintStream out;
    private final Watchdog watchdog;
    private final Duration defaultLimit;
    private final Map<String, Long> startNanos = new ConcurrentHashMap<>();
    private TestPlan plan;
    private int failures;

    /// @param defaultLimit time of a test that has no [Timeout] of its own
    public EventPrinter(PrintStream out, Watchdog watchdog, Duration defaultLimit) {
        this.out = out;
        this.watchdog = watchdog;
        this.defaultLimit = defaultLimit;
    }

    /// Number of tests that failed.
    public int failures() {
        return failures;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
    }

    @Override
    public void executionStarted(TestIdentifier identifier) {
        if (identifier.isTest()) {
            String name = TestNames.name(plan, identifier);
            Duration limit = limit(identifier);
            startNanos.put(identifier.getUniqueId(), System.nanoTime());
            print(SuiteEvent.started(name, limit.toMillis()));
            watchdog.watch(name, limit);
        }
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        if (identifier.isTest()) {
            watchdog.rest();
            finish(TestNames.name(plan, identifier), identifier, result);
        } else if (result.getStatus() == TestExecutionResult.Status.FAILED) {
            // A class that fails to set itself up fails all of its tests.
            finishContainer(identifier, result);
        }
    }

    private void finishContainer(TestIdentifier container, TestExecutionResult result) {
        if (container.getSource().orElse(null) instanceof MethodSource
                || plan.getChildren(container).isEmpty()) {
            finish(TestNames.name(plan, container), container, result);
        } else {
            plan.getDescendants(container).stream()
                    .filter(child -> child.getSource().orElse(null) instanceof MethodSource)
                    .filter(child -> !startNanos.containsKey(child.getUniqueId()))
                    .forEach(child -> finish(TestNames.name(plan, child), child, result));
        }
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        if (identifier.getSource().orElse(null) instanceof MethodSource) {
            print(
                    SuiteEvent.finished(
                            TestNames.name(plan, identifier), Outcome.SKIPPED, 0, reason));
        } else {
            plan.getChildren(identifier).forEach(child -> executionSkipped(child, reason));
        }
    }

    @Override
    public void reportingEntryPublished(TestIdentifier identifier, ReportEntry entry) {
        String name = TestNames.name(plan, identifier);
        entry.getKeyValuePairs()
                .forEach((key, value) -> print(SuiteEvent.figure(name, key, value)));
    }

    private void finish(String name, TestIdentifier identifier, TestExecutionResult result) {
        Long start = startNanos.get(identifier.getUniqueId());
        long millis = start == null ? 0 : (System.nanoTime() - start) / 1_000_000;
        Outcome outcome =
                switch (result.getStatus()) {
                    case SUCCESSFUL -> Outcome.PASSED;
                    case ABORTED -> Outcome.ABORTED;
                    case FAILED -> Outcome.FAILED;
                };
        failures += outcome == Outcome.FAILED ? 1 : 0;
        String message = result.getThrowable().map(StackTraces::describe).orElse("");
        print(
                SuiteEvent.finished(
                        name,
                        outcome,
                        millis,
                        message.substring(0, Math.min(message.length(), MESSAGE_CHARS))));
    }

    private Duration limit(TestIdentifier identifier) {
        if (!(TestNames.methodSource(plan, identifier).orElse(null)
                instanceof MethodSource source)) {
            return defaultLimit;
        }
        Method method = source.getJavaMethod();
        Optional<Timeout> own =
                AnnotationSupport.findAnnotation(method, Timeout.class)
                        .or(() ->
                                AnnotationSupport.findAnnotation(
                                        source.getJavaClass(), Timeout.class));
        return own.map(timeout -> Duration.of(timeout.value(), timeout.unit().toChronoUnit()))
                .orElse(defaultLimit);
    }

    private void print(SuiteEvent event) {
        out.println(event.format());
        out.flush();
    }
}
