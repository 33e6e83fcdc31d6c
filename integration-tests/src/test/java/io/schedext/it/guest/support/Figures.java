// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;

/// Times, sorted: for what is said of most of them rather than of all.
public final class Figures {

    private final long[] sorted;

    private Figures(long[] sorted) {
        this.sorted = sorted;
    }

    public static Figures of(LongStream values) {
        return new Figures(values.sorted().toArray());
    }

    public int count() {
        return sorted.length;
    }

    /// The value that a share of all does not exceed; 0.5 is the median.
    public long percentile(double share) {
        if (sorted.length == 0) {
            throw new AssertionError("nothing was measured");
        }
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    public long median() {
        return percentile(0.5);
    }

    public long least() {
        return percentile(0);
    }

    public long most() {
        return percentile(1);
    }

    /// How many of all are at most this, 0 to 1.
    public double shareUpTo(long value) {
        return (double) Arrays.stream(sorted).filter(v -> v <= value).count() / sorted.length;
    }

    /// Nanoseconds as milliseconds, for the report.
    public static String millis(long ns) {
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
