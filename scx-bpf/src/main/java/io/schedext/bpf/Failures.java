// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes exceptions from what libbpf returned and what it said meanwhile.
final class Failures {
    private static final Pattern REFUSED =
            Pattern.compile("prog '([^']+)': BPF program load failed.*");

    private Failures() {}

    /// A call that returned an errno.
    static BpfException of(String operation, int errno, List<String> warnings) {
        return BpfException.ofErrno(operation, errno, reason(warnings));
    }

    /// A load that returned an errno, perhaps because the verifier wrote this log.
    static BpfException ofLoad(String operation, int errno, List<String> warnings, String log) {
        for (String warning : warnings) {
            Matcher refused = REFUSED.matcher(plain(warning));
            if (refused.matches() && !log.isBlank()) {
                return BpfException.ofVerifier(
                        operation + " program " + refused.group(1), errno, log);
            }
        }
        return of(operation, errno, warnings);
    }

    /// The last warning that says something: the very last only repeats that the load failed.
    private static String reason(List<String> warnings) {
        return warnings.stream()
                .map(Failures::plain)
                .filter(warning -> !warning.startsWith("failed to load object"))
                .reduce((_, last) -> last)
                .orElse("");
    }

    private static String plain(String warning) {
        String text =
                warning.startsWith("libbpf: ") ? warning.substring("libbpf: ".length()) : warning;
        return text.strip().replace('\n', ' ');
    }
}
