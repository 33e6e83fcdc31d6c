// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerOptionsTest {

    private final SchedulerOptions.Builder builder = SchedulerOptions.builder();

    private void assertRefused(String message) {
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage(message);
    }

    @Test
    void theDefaults() {
        assertThat(builder.build())
                .isEqualTo(
                        new SchedulerOptions(
                                "java",
                                20_000_000,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(2),
                                Duration.ofMillis(10),
                                0,
                                false,
                                false,
                                true,
                                false,
                                Optional.empty()));
    }

    @Test
    void everyOptionIsKept() {
        SchedulerOptions options =
                builder.name("my.scheduler_v2")
                        .sliceNs(1)
                        .watchdogTimeout(Duration.ofSeconds(30))
                        .overdueAfter(Duration.ofSeconds(15))
                        .silentAfter(Duration.ofSeconds(1))
                        .exitDumpBytes(16 << 20)
                        .partial(true)
                        .debug(true)
                        .builtinIdle(false)
                        .numaLocal(true)
                        .libbpf(Path.of("/opt/libbpf.so.1"))
                        .build();
        assertThat(options)
                .isEqualTo(
                        new SchedulerOptions(
                                "my.scheduler_v2",
                                1,
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(15),
                                Duration.ofSeconds(1),
                                16 << 20,
                                true,
                                true,
                                false,
                                true,
                                Optional.of(Path.of("/opt/libbpf.so.1"))));
    }

    @Test
    void overdueFollowsTheWatchdogUnlessSet() {
        assertThat(builder.watchdogTimeout(Duration.ofMillis(100)).sliceNs(1).build())
                .extracting(SchedulerOptions::overdueAfter)
                .isEqualTo(Duration.ofMillis(40));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "slash/", "line\n", "da-sh", "umlaut_ä"})
    void aNameTheKernelWouldNotTakeIsRefused(String name) {
        builder.name(name);
        assertRefused("the name has 1 to 127 letters, digits, '_' or '.', not '" + name + "'");
    }

    @Test
    void aNameHasAtMost127Letters() {
        assertThat(builder.name("x".repeat(127)).build().name()).hasSize(127);
        builder.name("x".repeat(128));
        assertThatIllegalArgumentException().isThrownBy(builder::build);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 99, 30_001})
    void aWatchdogTimeoutOutOfItsRangeIsRefused(long milliseconds) {
        builder.watchdogTimeout(Duration.ofMillis(milliseconds)).sliceNs(1);
        assertRefused("the watchdog's timeout is 100 ms to 30 s, not " + milliseconds + " ms");
    }

    @Test
    void aTimeoutBeyondAllClocksIsRefusedLikeAnyOther() {
        builder.watchdogTimeout(Duration.ofSeconds(Long.MAX_VALUE));
        assertRefused("the watchdog's timeout is 100 ms to 30 s, not " + Long.MAX_VALUE + " ms");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1001})
    void aSilenceOutOfItsRangeIsRefused(long milliseconds) {
        builder.silentAfter(Duration.ofMillis(milliseconds));
        assertRefused("the loop is silent after 1 ms to 1 s, not after " + milliseconds + " ms");
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000, 1_000_000_000})
    void theShortestAndTheLongestSilenceAreTaken(long nanoseconds) {
        Duration silence = Duration.ofNanos(nanoseconds);
        assertThat(builder.silentAfter(silence).build().silentAfter()).isEqualTo(silence);
    }

    @ParameterizedTest
    @ValueSource(longs = {999_999, 1_000_000_001})
    void aSilenceANanosecondOutOfItsRangeIsRefused(long nanoseconds) {
        builder.silentAfter(Duration.ofNanos(nanoseconds));
        assertThatIllegalArgumentException().isThrownBy(builder::build);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 9, 2501})
    void anOverdueTimeOutOfItsRangeIsRefused(long milliseconds) {
        builder.overdueAfter(Duration.ofMillis(milliseconds));
        assertRefused(
                "a task is overdue after 10 ms to half of the watchdog's timeout, not after "
                        + milliseconds
                        + " ms");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1_250_000_001, Long.MAX_VALUE})
    void aSliceOutOfItsRangeIsRefused(long sliceNs) {
        builder.sliceNs(sliceNs);
        assertRefused(
                "the default slice is 1 ns to a quarter of the watchdog's timeout, not "
                        + sliceNs
                        + " ns");
    }

    @Test
    void theLongestSliceIsAQuarterOfTheTimeout() {
        assertThat(builder.sliceNs(1_250_000_000).build().sliceNs()).isEqualTo(1_250_000_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, (16 << 20) + 1})
    void aDumpLengthOutOfItsRangeIsRefused(int bytes) {
        builder.exitDumpBytes(bytes);
        assertRefused("the exit dump has 0 to 16 MiB, not " + bytes + " bytes");
    }
}
