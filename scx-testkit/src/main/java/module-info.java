// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// A simulated kernel, so that a policy can be developed and tested without one.
@SuppressWarnings("requires-automatic") // HdrHistogram names no module; its file gives the name
module io.schedext.testkit {
    requires transitive io.schedext.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires HdrHistogram;

    exports io.schedext.testkit;
}
