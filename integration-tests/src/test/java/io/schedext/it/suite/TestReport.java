// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is known about one test after it ran.
///
/// @param name as in [SuiteEvent]
/// @param outcome how it ended
/// @param millis how long it took, by the guest's clock
/// @param figures what it measured, in its order
/// @param message why it failed or was skipped, else empty
/// @param output what was printed while it ran
public record TestReport(
        String name,
        Outcome outcome,
        long millis,
        Map<String, String> figures,
        String message,
        String output) {
    public TestReport {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    /// The method of the test, without the invocation.
    public String method() {
        int bracket = name.indexOf('[');
        return bracket < 0 ? name : name.substring(0, bracket);
    }
}
