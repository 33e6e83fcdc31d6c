// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// A FIFO scheduler: the smallest real one.
module io.schedext.rlfifo {
    requires transitive io.schedext.core;
    requires io.schedext.cli;

    exports io.schedext.rlfifo;

    // picocli fills the options
    opens io.schedext.rlfifo.internal to
            info.picocli;
}
