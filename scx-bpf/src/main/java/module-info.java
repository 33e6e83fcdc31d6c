// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// libbpf for Java. Start the JVM with `--enable-native-access=io.schedext.bpf`.
module io.schedext.bpf {
    requires org.slf4j;

    exports io.schedext.bpf;
}
