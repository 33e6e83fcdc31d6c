// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// Benchmarks of the hot path, by JMH, on the host and without a kernel:
///
/// ```sh
/// ./mvnw -pl benchmarks -am package -DskipTests -Djmh              # all, a minute
/// ./mvnw -pl benchmarks -am package -DskipTests -Djmh -Djmh.args="-prof gc Cycle"
/// ```
///
/// `jmh.args` is JMH's command line, `-prof gc` if not set: its `gc.alloc.rate.norm` is the bytes
/// allocated per operation, which have to be 0.
package io.schedext.benchmarks;
