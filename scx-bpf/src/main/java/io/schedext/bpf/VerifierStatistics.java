// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the kernel's verifier did to accept a program. The numbers are its own, and differ from
/// kernel to kernel.
///
/// @param instructions how many instructions it went through, on all paths together; it gives up at
///   a million
/// @param states how many states of registers and stack it kept to compare with
public record VerifierStatistics(long instructions, long states) {
    private static final Pattern PROCESSED =
            Pattern.compile("processed (\\d+) insns .* total_states (\\d+)");

    /// Reads the end of a verifier's log.
    ///
    /// @throws BpfException when it has no statistics
    static VerifierStatistics of(String program, String log) {
        Matcher matcher = PROCESSED.matcher(log);
        if (!matcher.find()) {
            throw BpfException.of(
                    BpfException.Kind.FAILED,
                    "statistics of program " + program,
                    "the kernel gave none: " + log.strip(),
                    null);
        }
        return new VerifierStatistics(
                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }
}
