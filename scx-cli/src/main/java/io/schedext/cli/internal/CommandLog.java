// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.cli.internal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/// The log of a scheduler's command, which people read: plain sentences on standard error, and
/// nothing of Logback about itself. Made by hand, for to read a `logback.xml` takes longer than all
/// the rest of Logback's start.
///
/// Logback finds it as a service, in any program that has this module. Where no command has said
/// its name with [#describe(String, boolean)], or `-Dlogback.configurationFile` names a
/// configuration, Logback goes on as usual.
@ConfiguratorRank(ConfiguratorRank.CUSTOM_LOW_PRIORITY)
public final class CommandLog extends ContextAwareBase implements Configurator {

    private static final String NAME = "io.schedext.log.name";
    private static final String LEVEL = "io.schedext.log.level";
    private static final String OTHER_CONFIGURATION = "logback.configurationFile";

    /// For the service loader.
    public CommandLog() {}

    /// Says what the log is to look like; before the first logger is made.
    ///
    /// @param command each line begins with its name
    /// @param verbose whether details are logged too
    public static void describe(String command, boolean verbose) {
        System.setProperty(NAME, command);
        System.setProperty(LEVEL, (verbose ? Level.DEBUG : Level.INFO).toString());
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        String command = System.getProperty(NAME);
        if (command == null || System.getProperty(OTHER_CONFIGURATION) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(command + ": %msg%n%ex");
        encoder.start();

        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();

        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getProperty(LEVEL), Level.INFO));
        root.addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
