// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the guest tells about a test, as one line of its standard output: the mark, the type, the
/// test, then `name=value` pairs, all separated by tabs; tabs, line ends and `%` within a value are
/// written as `%` and two digits.
///
/// @param type what happened
/// @param test the test's name, `Class.method` or `Class.method[invocation]`; empty where none is
///   meant
/// @param values details, in their order; one of this class's names each, or a figure's own
public record SuiteEvent(Type type, String test, Map<String, String> values) {
    /// What there is to tell.
    public enum Type {
        /// It begins; [#LIMIT_MS] tells how long it may take.
        STARTED,
        /// It measured something: [#NAME], [#VALUE].
        FIGURE,
        /// It ended: [#OUTCOME], [#MILLIS], [#MESSAGE].
        FINISHED,
        /// All of them ended; nothing follows.
        DONE
    }

    /// Milliseconds that the test may take.
    public static final String LIMIT_MS = "limit";

    /// A figure's name.
    public static final String NAME = "name";

    /// A figure's value.
    public static final String VALUE = "value";

    /// A name of [Outcome].
    public static final String OUTCOME = "outcome";

    /// Milliseconds that the test took, by the guest's clock.
    public static final String MILLIS = "ms";

    /// Why it failed or was skipped, else empty.
    public static final String MESSAGE = "message";

    private static final String MARK = "@scx";

    public SuiteEvent {
        values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// A test begins.
    ///
    /// @param limitMillis how long it may take
    public static SuiteEvent started(String test, long limitMillis) {
        return new SuiteEvent(Type.STARTED, test, Map.of(LIMIT_MS, Long.toString(limitMillis)));
    }

    /// A test has measured something.
    public static SuiteEvent figure(String test, String name, String value) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(NAME, name);
        values.put(VALUE, value);
        return new SuiteEvent(Type.FIGURE, test, values);
    }

    /// A test has ended.
    public static SuiteEvent finished(String test, Outcome outcome, long millis, String message) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(OUTCOME, outcome.name());
        values.put(MILLIS, Long.toString(millis));
        values.put(MESSAGE, message);
        return new SuiteEvent(Type.FINISHED, test, values);
    }

    /// All have ended.
    public static SuiteEvent done() {
        return new SuiteEvent(Type.DONE, "", Map.of());
    }

    /// The line, without its end.
    public String format() {
        StringBuilder line = new StringBuilder(MARK);
        line.append('\t')
                .append(type.name().toLowerCase(Locale.ROOT))
                .append('\t')
                .append(escape(test));
        values.forEach((name, value) -> line.append('\t').append(escape(name + "=" + value)));
        return line.toString();
    }

    /// Reads a line back; empty when it is not an event but output of a test.
    ///
    /// @throws IllegalArgumentException when it has the mark but is no event
    public static Optional<SuiteEvent> parse(String line) {
        if (!line.startsWith(MARK + "\t")) {
            return Optional.empty();
        }
        String[] parts = line.split("\t", -1);
        if (parts.length < 3) {
            throw new IllegalArgumentException("a truncated event of the guest: " + line);
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 3; i < parts.length; i++) {
            String pair = unescape(parts[i]);
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("a malformed event of the guest: " + line);
            }
            values.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        Type type = Type.valueOf(parts[1].toUpperCase(Locale.ROOT));
        return Optional.of(new SuiteEvent(type, unescape(parts[2]), values));
    }

    private static String escape(String text) {
        return text.replace("%", "%25")
                .replace("\t", "%09")
                .replace("\n", "%0A")
                .replace("\r", "%0D");
    }

    private static String unescape(String text) {
        return text.replace("%09", "\t")
                .replace("%0A", "\n")
                .replace("%0D", "\r")
                .replace("%25", "%");
    }
}
