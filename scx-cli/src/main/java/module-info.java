// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// The command line of a scheduler: options that all of them have, on picocli and Logback.
module io.schedext.cli {
    requires transitive io.schedext.core;
    requires transitive info.picocli;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;

    exports io.schedext.cli;

    provides ch.qos.logback.classic.spi.Configurator with
            io.schedext.cli.internal.CommandLog;

    // picocli fills the options
    opens io.schedext.cli to
            info.picocli;
}
