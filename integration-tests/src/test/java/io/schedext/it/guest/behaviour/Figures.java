// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;

/// Times, sorted: for what is said of most of them rather than of all.
final class Figures {

    private final long[] sorted;

    private Figures(long[] sorted) {
        this.sorted = sorted;
    }

    static Figures of(LongStream values) {
        return new Figures(values.sorted().toArray());
    }

    int count() {
        return sorted.length;
    }

    /// The value that a share of all does not exceed; 0.5 is the median.
    long percentile(double share) {
        if (sorted.length == 0) {
            throw new AssertionError("nothing was measured");
        }
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    long median() {
        return percentile(0.5);
    }

    long least() {
        return percentile(0);
    }

    long most() {
        return percentile(1);
    }

    /// How many of all are at most this, 0 to 1.
    double shareUpTo(long value) {
        return (double) Arrays.stream(sorted).filter(v -> v <= value).count() / sorted.length;
    }

    /// Nanoseconds as milliseconds, for the report.
    static String millis(long ns) {
        return String.format(Locale.ROOT, "%.2f", ns / 1e6);
    }

    @Override
    public String toString() {
        return sorted.length == 0
                ? "nothing"
                : "%d: %s / %s / %s / %s ms (least, median, 99 %%, most)"
                        .formatted(
                                count(),
                                millis(least()),
                                millis(median()),
                                millis(percentile(0.99)),
                                millis(most()));
    }
}
