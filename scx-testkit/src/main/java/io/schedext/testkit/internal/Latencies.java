// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import java.util.Arrays;
import org.HdrHistogram.IntCountsHistogram;

/// Latencies of one task: each of the first, and a histogram when there are more, for most tasks of
/// a large machine have few.
final class Latencies {

    private static final int FEW = 32;
    private static final int DIGITS = 2;

    private long[] first = new long[4];
    private int count;
    private IntCountsHistogram all;

    void add(long ns) {
        if (all != null) {
            all.recordValue(ns);
            return;
        }
        if (count == FEW) {
            all = new IntCountsHistogram(DIGITS);
            for (long latency : first) {
                all.recordValue(latency);
            }
            first = null;
            all.recordValue(ns);
            return;
        }
        if (count == first.length) {
            first = Arrays.copyOf(first, 2 * count);
        }
        first[count++] = ns;
    }

    /// @return that many of a hundred were no longer; 0 when there are none
    long atPercentile(double percentile) {
        if (all != null) {
            return all.getValueAtPercentile(percentile);
        }
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(first, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percentile / 100 * count);
        return sorted[Math.clamp(rank - 1, 0, count - 1)];
    }
}
