// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.util.List;
import java.util.regex.Pattern;

/// Which lines of the kernel's log mean that something is wrong with the kernel or with a
/// scheduler.
final class KernelLogRules {
    private static final List<Pattern> BAD =
            List.of(
                    Pattern.compile("\\bWARNING: "),
                    Pattern.compile("\\bBUG: |kernel BUG at"),
                    Pattern.compile("Oops|general protection fault|Kernel panic|unable to handle"),
                    Pattern.compile("\\bstall(s|ed)?\\b|\\bstalls on CPU"),
                    Pattern.compile("soft lockup|hard LOCKUP|blocked for more than \\d+ seconds"),
                    Pattern.compile(
                            "possible .*deadlock|suspicious RCU usage|scheduling while atomic"),
                    Pattern.compile("UBSAN|KASAN|KCSAN|refcount_t: "),
                    Pattern.compile("sched: (DL replenish|RT throttling)"),
                    // sched_ext reports what ended a scheduler; leaving by itself is the one good
                    // reason.
                    Pattern.compile(
                            "sched_ext: .* disabled \\((?!unregistered from user space\\))"));

    private KernelLogRules() {}

    /// The lines that are bad and not allowed.
    static List<String> violations(List<String> log, List<String> allowed) {
        List<Pattern> exceptions = allowed.stream().map(Pattern::compile).toList();
        return log.stream()
                .filter(line -> BAD.stream().anyMatch(bad -> bad.matcher(line).find()))
                .filter(line -> exceptions.stream().noneMatch(good -> good.matcher(line).find()))
                .toList();
    }
}
