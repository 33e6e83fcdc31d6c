// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.guest.support.LoadProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What tasks that only compute, and then pairs that wake each other, get done, one of either for
/// each CPU.
///
/// @param computed rounds of work
/// @param woken times a token went there and back
record Work(long computed, long woken) {

    /// Runs both loads, each for so long; none of their tasks may be left out.
    ///
    /// @param how words for the program of loads
    static Work of(int cpus, double seconds, List<String> how)
            throws IOException, InterruptedException {
        return new Work(run("hogs", cpus, seconds, how), run("pingpong", cpus, seconds, how));
    }

    private static long run(String load, int runners, double seconds, List<String> how)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(how);
        words.addAll(List.of(load, "" + runners, "" + seconds));
        List<Long> sumAndLeast = LoadProgram.start(words.toArray(String[]::new)).numbers();
        assertThat(sumAndLeast.getLast()).as("the least any of %s did", words).isPositive();
        return sumAndLeast.getFirst();
    }
}
