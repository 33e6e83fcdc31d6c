// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// Write a CPU scheduler for Linux sched_ext in Java.
///
/// Start the JVM with `--enable-native-access=io.schedext.bpf,io.schedext.core`.
module io.schedext.core {
    requires transitive io.schedext.bpf;
    requires jdk.management;
    requires org.slf4j;

    exports io.schedext.core;
    exports io.schedext.core.spi;
}
