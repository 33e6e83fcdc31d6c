// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/// Stack traces as text.
final class StackTraces {
    private StackTraces() {}

    /// A failure: its message, its own frames without JUnit's, its causes.
    static String describe(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        StringBuilder kept = new StringBuilder();
        text.toString()
                .lines()
                .filter(line ->
                        !line.startsWith("\tat org.junit.") && !line.startsWith("\tat java.base/"))
                .forEach(line -> kept.append(line).append('\n'));
        return kept.toString().stripTrailing();
    }

    /// What each thread of this JVM does now.
    static String allThreads() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            Thread thread = entry.getKey();
            text.append('"')
                    .append(thread.getName())
                    .append("\" ")
                    .append(thread.getState())
                    .append('\n');
            for (StackTraceElement frame : entry.getValue()) {
                text.append("\tat ").append(frame).append('\n');
            }
        }
        return text.toString();
    }
}
