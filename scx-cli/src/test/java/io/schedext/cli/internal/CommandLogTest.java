// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandLogTest {

    private final LoggerContext context = new LoggerContext();
    private final Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);

    @AfterEach
    void restore() {
        List.of("io.schedext.log.name", "io.schedext.log.level", "logback.configurationFile")
                .forEach(System::clearProperty);
        context.stop();
    }

    private ExecutionStatus configure() {
        CommandLog log = new CommandLog();
        log.setContext(context);
        return log.configure(context);
    }

    private String line(String message, Throwable cause) {
        var event =
                new LoggingEvent(
                        Logger.class.getName(), root, Level.INFO, message, cause, new Object[0]);
        var console = (ConsoleAppender<ILoggingEvent>) root.iteratorForAppenders().next();
        assertThat(console.isStarted()).isTrue();
        assertThat(console.getTarget()).isEqualTo("System.err");
        return new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void linesBeginWithTheCommand() {
        CommandLog.describe("rlfifo", false);
        assertThat(configure()).isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        assertThat(root.getLevel()).isEqualTo(Level.INFO);
        assertThat(line("a sentence", null)).isEqualTo("rlfifo: a sentence%n".formatted());
        assertThat(line("trouble", new IllegalStateException("its cause")))
                .startsWith("rlfifo: trouble%n".formatted())
                .contains("IllegalStateException: its cause");
    }

    @Test
    void verboseLogsDetails() {
        CommandLog.describe("rlfifo", true);
        configure();
        assertThat(root.getLevel()).isEqualTo(Level.DEBUG);
    }

    @Test
    void otherProgramsAndConfigurationsAreLeftAlone() {
        assertThat(configure()).isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        CommandLog.describe("rlfifo", false);
        System.setProperty("logback.configurationFile", "mine.xml");
        assertThat(configure()).isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        assertThat(root.iteratorForAppenders()).isExhausted();
    }
}
