// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Chooses tests by name: words separated by commas, each matching any part of `Class.method`, `*`
/// standing for anything, upper and lower case alike. No word matches all.
public final class TestFilter {
    private final List<Pattern> words;

    /// @param words separated by commas; empty for all
    public TestFilter(String words) {
        this.words =
                Stream.of(words.split(","))
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .map(TestFilter::pattern)
                        .toList();
    }

    /// Whether the test of this name is chosen.
    public boolean matches(String test) {
        return words.isEmpty() || words.stream().anyMatch(word -> word.matcher(test).find());
    }

    private static Pattern pattern(String word) {
        String[] literals = word.toLowerCase(Locale.ROOT).split("\\*", -1);
        String regex = String.join(".*", Stream.of(literals).map(Pattern::quote).toList());
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }
}
