// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Random tests that can be repeated: each round has a seed, which stands in the failure.
/// `-Dseed=N` runs that one only.
public final class Seed {
    private Seed() {}

    /// Runs a test with as many seeds, others each time.
    public static void rounds(int rounds, Consumer<RandomGenerator> test) {
        rounds(System.nanoTime(), rounds, test);
    }

    /// Runs a test with as many seeds, the same each time.
    public static void fixed(int rounds, Consumer<RandomGenerator> test) {
        rounds(0, rounds, test);
    }

    private static void rounds(long start, int rounds, Consumer<RandomGenerator> test) {
        Long only = Long.getLong("seed");
        long first = only == null ? start : only;
        for (long seed = first; seed < first + (only == null ? rounds : 1); seed++) {
            try {
                test.accept(new SplittableRandom(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("with -Dseed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
