// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.util.Optional;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Names of tests, short enough for a table: `Class.method`, with the invocation's own name in
/// brackets where a method is run several times.
final class TestNames {
    private TestNames() {}

    static String name(TestPlan plan, TestIdentifier identifier) {
        MethodSource source = methodSource(plan, identifier).orElse(null);
        if (source == null) {
            return identifier.getDisplayName();
        }
        String method = name(source);
        boolean invocation =
                plan.getParent(identifier)
                        .flatMap(TestIdentifier::getSource)
                        .filter(MethodSource.class::isInstance)
                        .isPresent();
        return invocation ? method + "[" + identifier.getDisplayName() + "]" : method;
    }

    static String name(MethodSource source) {
        String type = source.getClassName();
        return type.substring(type.lastIndexOf('.') + 1).replace('$', '.')
                + "."
                + source.getMethodName();
    }

    /// The method of a test, or that of the template or factory it comes from.
    static Optional<MethodSource> methodSource(TestPlan plan, TestIdentifier identifier) {
        for (TestIdentifier at = identifier; at != null; at = plan.getParent(at).orElse(null)) {
            if (at.getSource().orElse(null) instanceof MethodSource source) {
                return Optional.of(source);
            }
        }
        return Optional.empty();
    }
}
