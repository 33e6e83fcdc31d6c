// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// A scheduler that shares the CPUs by weight.
module io.schedext.vruntime {
    requires transitive io.schedext.core;
    requires io.schedext.cli;

    exports io.schedext.vruntime;

    // picocli fills the options
    opens io.schedext.vruntime.internal to
            info.picocli;
}
