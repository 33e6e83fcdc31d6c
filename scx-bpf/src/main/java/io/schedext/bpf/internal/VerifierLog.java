// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import java.util.List;

/// Finds the line of a verifier log that a person wants to see first.
public final class VerifierLog {
    private VerifierLog() {}

    /// The last line that says why, with the number of lines left out.
    ///
    /// The log ends with statistics (`processed 12 insns ...`) and, from libbpf, with markers; the
    /// reason stands before them. Where the last line only describes registers or an instruction
    /// the reason is the line before it.
    public static String summary(String log) {
        List<String> lines =
                log.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        int last = lines.size() - 1;
        while (last >= 0 && isTrailer(lines.get(last))) {
            last--;
        }
        if (last < 0) {
            return "the verifier gave no reason";
        }
        int first = last > 0 && needsContext(lines.get(last)) ? last - 1 : last;
        int omitted = lines.size() - (last - first + 1);
        String reason = String.join(": ", lines.subList(first, last + 1));
        return switch (omitted) {
            case 0 -> reason;
            case 1 -> reason + " (1 line omitted)";
            default -> reason + " (" + omitted + " lines omitted)";
        };
    }

    private static boolean isTrailer(String line) {
        return line.startsWith("processed ")
                || line.startsWith("verification time ")
                || line.startsWith("stack depth ")
                || line.startsWith("insns processed ")
                || line.startsWith("-- ");
    }

    /// A state of registers (`R1=ctx() R10=fp0`, `12: R0=scalar()`) explains nothing without the
    /// line before it.
    private static boolean needsContext(String line) {
        int colon = line.indexOf(": ");
        String state =
                colon > 0 && line.substring(0, colon).chars().allMatch(Character::isDigit)
                        ? line.substring(colon + 2)
                        : line;
        int equals = state.indexOf('=');
        return equals > 1
                && state.charAt(0) == 'R'
                && state.substring(1, equals)
                        .chars()
                        .allMatch(c -> Character.isDigit(c) || c == '_' || c == 'w')
                && state.charAt(equals) == '=';
    }
}
