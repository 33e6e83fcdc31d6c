// SPDX-License-Identifier: 0BSD
package org.example.priority;

import java.nio.charset.StandardCharsets;

/// A pattern for names, as of files in a shell: `*` stands for any bytes, `?` for one. It is made
/// once; matching allocates nothing.
final class NamePattern {

    private final byte[] pattern;

    /// A pattern.
    ///
    /// @param pattern for example `java`, or `cc*`
    NamePattern(String pattern) {
        this.pattern = pattern.getBytes(StandardCharsets.UTF_8);
    }

    /// Whether it matches a whole name.
    ///
    /// @param name has the name in its first bytes
    /// @param length how many those are
    /// @return whether it does
    boolean matches(byte[] name, int length) {
        int at = 0;
        int in = 0;
        // Where the last star is, and up to where in the name it stands for.
        int star = -1;
        int taken = 0;
        while (in < length) {
            if (at < pattern.length && pattern[at] == '*') {
                star = at++;
                taken = in;
            } else if (at < pattern.length && (pattern[at] == '?' || pattern[at] == name[in])) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++taken;
            } else {
                return false;
            }
        }
        while (at < pattern.length && pattern[at] == '*') {
            at++;
        }
        return at == pattern.length;
    }
}
