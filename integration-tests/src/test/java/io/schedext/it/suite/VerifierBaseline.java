// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import io.schedext.bpf.VerifierStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What each program costs the verifier of one kernel, as text: a line `program=instructions
/// states` each.
///
/// @param programs by their names
public record VerifierBaseline(Map<String, VerifierStatistics> programs) {
    /// A cost may grow by a tenth. What is small grows by more than that with any change: by so
    /// many instructions and states it may grow in any case.
    private static final double GROWTH = 1.1;

    private static final int SMALL_INSTRUCTIONS = 20;
    private static final int SMALL_STATES = 5;

    /// Copies what it is given.
    public VerifierBaseline {
        programs = new TreeMap<>(programs);
    }

    /// Reads what [#text] wrote.
    public static VerifierBaseline parse(String text) {
        Map<String, VerifierStatistics> programs = new TreeMap<>();
        text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> {
                    String[] words = line.split("[= ]");
                    programs.put(
                            words[0],
                            new VerifierStatistics(
                                    Long.parseLong(words[1]), Long.parseLong(words[2])));
                });
        return new VerifierBaseline(programs);
    }

    /// A file that [#parse] reads.
    ///
    /// @param kernel its release, for people
    public String text(String kernel) {
        StringBuilder text =
                new StringBuilder(
                        """
                        # SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
                        # What the verifier of %s went through: instructions and states of each program.
                        """
                                .formatted(kernel));
        programs.forEach((name, cost) ->
                text.append("%s=%d %d\n".formatted(name, cost.instructions(), cost.states())));
        return text.toString();
    }

    /// What of a measurement is no longer as this baseline has it, a sentence each.
    public List<String> differences(VerifierBaseline measured) {
        List<String> differences = new ArrayList<>();
        var names = new TreeSet<>(programs.keySet());
        names.addAll(measured.programs.keySet());
        for (String name : names) {
            VerifierStatistics was = programs.get(name);
            VerifierStatistics is = measured.programs.get(name);
            if (was == null) {
                differences.add(name + " is new");
            } else if (is == null) {
                differences.add(name + " is gone");
            } else {
                grown(
                        differences,
                        name + ", instructions",
                        was.instructions(),
                        is.instructions(),
                        SMALL_INSTRUCTIONS);
                grown(differences, name + ", states", was.states(), is.states(), SMALL_STATES);
            }
        }
        return differences;
    }

    private static void grown(List<String> differences, String what, long was, long is, int small) {
        if (is > was * GROWTH && is > was + small) {
            differences.add("%s: %d, were %d".formatted(what, is, was));
        }
    }
}
