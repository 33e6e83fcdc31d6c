// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.osgi.internal;

import io.schedext.osgi.SchedulerBundle;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One policy of the header that names a bundle's policies.
///
/// @param className the policy's class
/// @param ranking the service's
record PolicyClause(String className, int ranking) {

    private static final Pattern CLAUSE =
            Pattern.compile(
                    "([\\w$]+(?:\\.[\\w$]+)*)\\s*(?:;\\s*ranking\\s*=\\s*\"?(-?\\d{1,9})\"?)?");

    /// @param header the value of [SchedulerBundle#POLICY_HEADER]
    /// @throws IllegalArgumentException when it is not like `CLASS;ranking=NUMBER,...`
    static List<PolicyClause> parse(String header) {
        return Stream.of(header.split(",", -1)).map(PolicyClause::one).toList();
    }

    private static PolicyClause one(String text) {
        Matcher clause = CLAUSE.matcher(text.strip());
        if (!clause.matches()) {
            throw new IllegalArgumentException(
                    "%s: '%s' is not like CLASS;ranking=NUMBER"
                            .formatted(SchedulerBundle.POLICY_HEADER, text.strip()));
        }
        String ranking = clause.group(2);
        return new PolicyClause(clause.group(1), ranking == null ? 0 : Integer.parseInt(ranking));
    }
}
