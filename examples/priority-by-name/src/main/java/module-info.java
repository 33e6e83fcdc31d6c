// SPDX-License-Identifier: 0BSD

/// A scheduler: whose name matches a pattern goes first.
module org.example.priority {
    requires io.schedext.cli;
    requires io.schedext.core;

    // picocli fills the options
    opens org.example.priority to
            info.picocli;
}
