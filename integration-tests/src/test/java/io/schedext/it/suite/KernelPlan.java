// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.util.List;
import java.util.stream.Stream;

/// One kernel, and what is run on it.
///
/// @param kernel as [VmOptions#kernel]
/// @param tests which tests
public record KernelPlan(String kernel, GuestSelection tests) {
    /// Reads a list such as `6.18,7.3:conformance`: kernels, each with the tags that are asked for
    /// there, or with those that are asked for in general.
    ///
    /// @param tests which tests in general
    /// @throws IllegalArgumentException when it names no kernel, or one twice
    public static List<KernelPlan> of(String list, GuestSelection tests) {
        List<KernelPlan> plans =
                Stream.of(list.split(","))
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .map(word -> plan(word, tests))
                        .toList();
        if (plans.isEmpty()
                || plans.stream().map(KernelPlan::kernel).distinct().count() < plans.size()) {
            throw new IllegalArgumentException(
                    "scx.kernels is a list of different kernels such as 6.18,7.3:conformance; not: "
                            + list);
        }
        return plans;
    }

    private static KernelPlan plan(String word, GuestSelection tests) {
        int colon = word.indexOf(':');
        return colon < 0
                ? new KernelPlan(word, tests)
                : new KernelPlan(
                        word.substring(0, colon), tests.withTags(word.substring(colon + 1)));
    }
}
