// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// How a scheduler is attached. Immutable; made by [#builder()].
///
/// @param name the scheduler's name in `/sys/kernel/sched_ext`, 1 to 127 letters, digits, `_` or
///   `.`: the kernel takes no other
/// @param sliceNs the default slice, nanoseconds: for decisions without one, and for what the
///   kernel side dispatches itself; above 0 and at most a quarter of the watchdog's timeout
/// @param watchdogTimeout after how long the kernel throws out a scheduler that leaves a runnable
///   task waiting (`sched_ext_ops.timeout_ms`): 100 ms to 30 s
/// @param overdueAfter a task that waits longer is scheduled by the kernel side: 10 ms or more, and
///   at most half of the watchdog's timeout
/// @param silentAfter the loop is [silent][Silence] when it uses so much CPU time and gets nothing
///   done while tasks wait for their decision, when it is blocked for a tenth of it, or when it is
///   kept from running for ten times as long: 1 ms to a second
/// @param exitDumpBytes room for the kernel's debug dump, 0 for the kernel's default of 32 KiB
///   (`sched_ext_ops.exit_dump_len`)
/// @param partial schedule only tasks of the class `SCHED_EXT` (`SCX_OPS_SWITCH_PARTIAL`)
/// @param debug the BPF program reports odd decisions to the kernel's trace pipe
/// @param builtinIdle a waking task goes straight to an idle CPU, without being queued
/// @param numaLocal idle CPUs are looked for within a task's own NUMA node
///   (`SCX_OPS_BUILTIN_IDLE_PER_NODE`)
/// @param libbpf the libbpf to use instead of the one that is found
public record SchedulerOptions(
        String name,
        long sliceNs,
        Duration watchdogTimeout,
        Duration overdueAfter,
        Duration silentAfter,
        int exitDumpBytes,
        boolean partial,
        boolean debug,
        boolean builtinIdle,
        boolean numaLocal,
        Optional<Path> libbpf) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.]{1,127}");

    /// Checks the ranges.
    ///
    /// @throws IllegalArgumentException when a value is out of its range, in one sentence
    public SchedulerOptions {
        Objects.requireNonNull(libbpf, "libbpf");
        require(
                NAME.matcher(name).matches(),
                "the name has 1 to 127 letters, digits, '_' or '.', not '" + name + "'");
        require(
                isBetween(watchdogTimeout, Duration.ofMillis(100), Duration.ofSeconds(30)),
                "the watchdog's timeout is 100 ms to 30 s, not " + millis(watchdogTimeout) + " ms");
        require(
                isBetween(overdueAfter, Duration.ofMillis(10), fraction(watchdogTimeout, 1, 2)),
                "a task is overdue after 10 ms to half of the watchdog's timeout, not after "
                        + millis(overdueAfter)
                        + " ms");
        require(
                isBetween(silentAfter, Duration.ofMillis(1), Duration.ofSeconds(1)),
                "the loop is silent after 1 ms to 1 s, not after " + millis(silentAfter) + " ms");
        require(
                sliceNs > 0 && sliceNs <= fraction(watchdogTimeout, 1, 4).toNanos(),
                "the default slice is 1 ns to a quarter of the watchdog's timeout, not "
                        + sliceNs
                        + " ns");
        require(
                exitDumpBytes >= 0 && exitDumpBytes <= 16 << 20,
                "the exit dump has 0 to 16 MiB, not " + exitDumpBytes + " bytes");
    }

    private static boolean isBetween(Duration value, Duration least, Duration most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private static long millis(Duration duration) {
        return TimeUnit.MILLISECONDS.convert(duration);
    }

    /// Not Duration.dividedBy(): it computes with BigDecimal, whose tables cost some 50 ms at
    /// start.
    private static Duration fraction(Duration duration, int numerator, int denominator) {
        return Duration.ofNanos(TimeUnit.NANOSECONDS.convert(duration) / denominator * numerator);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /// The defaults: name `java`, slices of 20 ms, a watchdog of 5 s, overdue after 2 s, silent
    /// after 10 ms, all tasks, idle CPUs served at once.
    ///
    /// @return a builder
    public static Builder builder() {
        return new Builder();
    }

    /// Collects options. Not thread-safe.
    public static final class Builder {

        private String name = "java";
        private long sliceNs = 20_000_000;
        private Duration watchdogTimeout = Duration.ofSeconds(5);
        private Duration overdueAfter;
        private Duration silentAfter = Duration.ofMillis(10);
        private int exitDumpBytes;
        private boolean partial;
        private boolean debug;
        private boolean builtinIdle = true;
        private boolean numaLocal;
        private Optional<Path> libbpf = Optional.empty();

        private Builder() {}

        /// @param name see [SchedulerOptions#name()]
        /// @return this
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /// @param sliceNs see [SchedulerOptions#sliceNs()]
        /// @return this
        public Builder sliceNs(long sliceNs) {
            this.sliceNs = sliceNs;
            return this;
        }

        /// @param watchdogTimeout see [SchedulerOptions#watchdogTimeout()]
        /// @return this
        public Builder watchdogTimeout(Duration watchdogTimeout) {
            this.watchdogTimeout = watchdogTimeout;
            return this;
        }

        /// @param overdueAfter see [SchedulerOptions#overdueAfter()]; two fifths of the watchdog's
        ///   timeout if not set
        /// @return this
        public Builder overdueAfter(Duration overdueAfter) {
            this.overdueAfter = overdueAfter;
            return this;
        }

        /// @param silentAfter see [SchedulerOptions#silentAfter()]
        /// @return this
        public Builder silentAfter(Duration silentAfter) {
            this.silentAfter = silentAfter;
            return this;
        }

        /// @param exitDumpBytes see [SchedulerOptions#exitDumpBytes()]
        /// @return this
        public Builder exitDumpBytes(int exitDumpBytes) {
            this.exitDumpBytes = exitDumpBytes;
            return this;
        }

        /// @param partial see [SchedulerOptions#partial()]
        /// @return this
        public Builder partial(boolean partial) {
            this.partial = partial;
            return this;
        }

        /// @param debug see [SchedulerOptions#debug()]
        /// @return this
        public Builder debug(boolean debug) {
            this.debug = debug;
            return this;
        }

        /// @param builtinIdle see [SchedulerOptions#builtinIdle()]
        /// @return this
        public Builder builtinIdle(boolean builtinIdle) {
            this.builtinIdle = builtinIdle;
            return this;
        }

        /// @param numaLocal see [SchedulerOptions#numaLocal()]
        /// @return this
        public Builder numaLocal(boolean numaLocal) {
            this.numaLocal = numaLocal;
            return this;
        }

        /// @param libbpf see [SchedulerOptions#libbpf()]
        /// @return this
        public Builder libbpf(Path libbpf) {
            this.libbpf = Optional.of(libbpf);
            return this;
        }

        /// The options.
        ///
        /// @return checked options
        /// @throws IllegalArgumentException when a value is out of its range
        public SchedulerOptions build() {
            Duration overdue =
                    overdueAfter != null ? overdueAfter : fraction(watchdogTimeout, 2, 5);
            return new SchedulerOptions(
                    name,
                    sliceNs,
                    watchdogTimeout,
                    overdue,
                    silentAfter,
                    exitDumpBytes,
                    partial,
                    debug,
                    builtinIdle,
                    numaLocal,
                    libbpf);
        }
    }
}
