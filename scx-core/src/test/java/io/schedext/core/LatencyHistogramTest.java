// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {

    private final long[] buckets = new long[256];

    /// As count_latency() in custody.h: the highest bit and the two below it.
    private static int bucketOf(long ns) {
        int log = ns == 0 ? 0 : 63 - Long.numberOfLeadingZeros(ns);
        return log < 2 ? (int) ns : log * 4 + (int) (ns >>> log - 2 & 3);
    }

    private LatencyHistogram of(long... latencies) {
        for (long ns : latencies) {
            buckets[bucketOf(ns)]++;
        }
        return new LatencyHistogram(buckets);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 15, 19, 1023, 1279, Long.MAX_VALUE})
    void theUpperEndOfABucketIsExact(long ns) {
        assertThat(of(ns).percentile(1)).isEqualTo(ns);
    }

    @Test
    void aValueIsKnownToAQuarter() {
        SplittableRandom random = new SplittableRandom(20261123);
        for (int i = 0; i < 10_000; i++) {
            // below 2^62, so that a quarter more is no negative number
            long ns = random.nextLong() >>> 2 + random.nextInt(62);
            Arrays.fill(buckets, 0);
            long said = of(ns).percentile(1);
            assertThat(said).as("%d ns", ns).isBetween(ns, ns + ns / 4);
            assertThat(bucketOf(said)).isEqualTo(bucketOf(ns));
            assertThat(bucketOf(said + 1)).isGreaterThan(bucketOf(ns));
        }
    }

    @Test
    void percentilesAreThoseOfASortedList() {
        SplittableRandom random = new SplittableRandom(6);
        long[] latencies = LongStream.generate(() -> random.nextLong(1 << 20)).limit(999).toArray();
        LatencyHistogram histogram = of(latencies);
        Arrays.sort(latencies);
        for (int i = 1; i <= 999; i++) {
            double share = i / 999.0;
            long exact = latencies[(int) Math.ceil(share * 999) - 1];
            assertThat(histogram.percentile(share)).isBetween(exact, exact + exact / 4);
        }
        assertThat(histogram.count()).isEqualTo(999);
    }

    @Test
    void theMedianOfTwoIsTheSmaller() {
        assertThat(of(7, 1023).percentile(0.5)).isEqualTo(7);
        assertThat(new LatencyHistogram(buckets).percentile(0.500001)).isEqualTo(1023);
    }

    @Test
    void anEmptyOneSaysZero() {
        LatencyHistogram empty = of();
        assertThat(empty.count()).isZero();
        assertThat(empty.percentile(0.5)).isZero();
        assertThat(empty.percentile(1)).isZero();
    }

    @Test
    void aTinyShareIsTheSmallestValue() {
        assertThat(of(15, 1023).percentile(Double.MIN_VALUE)).isEqualTo(15);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY})
    void aShareOutOfItsRangeIsRefused(double share) {
        LatencyHistogram histogram = of(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> histogram.percentile(share))
                .withMessage("a share is above 0 and at most 1, not " + share);
    }
}
