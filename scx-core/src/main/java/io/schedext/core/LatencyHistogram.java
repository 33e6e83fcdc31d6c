// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import java.util.Arrays;

/// How long tasks waited for their decision: from being parked to being moved by it, measured by
/// the kernel side. Four buckets per power of two, so a value is known to a quarter. Immutable.
public final class LatencyHistogram {

    private final long[] buckets;
    private final long count;

    LatencyHistogram(long[] buckets) {
        this.buckets = buckets;
        this.count = Arrays.stream(buckets).sum();
    }

    /// How many were measured.
    ///
    /// @return 0 or more
    public long count() {
        return count;
    }

    /// The latency that a share of the tasks did not exceed.
    ///
    /// @param share above 0 and at most 1: 0.5 for the median
    /// @return nanoseconds, the upper end of the bucket; 0 when nothing was measured
    /// @throws IllegalArgumentException when the share is out of its range
    public long percentile(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("a share is above 0 and at most 1, not " + share);
        }
        long rank = (long) Math.ceil(share * count);
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen >= rank && seen > 0) {
                return upperEnd(i);
            }
        }
        return 0;
    }

    private static long upperEnd(int bucket) {
        if (bucket < 8) {
            return bucket;
        }
        int log = bucket >> 2;
        return (4L + (bucket & 3) + 1 << log - 2) - 1;
    }
}
