// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.osgi.internal;

import io.schedext.core.SchedulerOptions;
import io.schedext.osgi.SchedulerBundle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// What the framework's properties say, as options.
final class Settings {

    private static final int MOST = 9; // digits

    private final UnaryOperator<String> properties;

    Settings(UnaryOperator<String> properties) {
        this.properties = properties;
    }

    /// @throws IllegalArgumentException when one of them makes no sense, with one sentence why
    SchedulerOptions options() {
        SchedulerOptions.Builder options =
                SchedulerOptions.builder().name(text(SchedulerBundle.NAME, "osgi"));
        String partial = text(SchedulerBundle.PARTIAL, "false");
        if (!partial.equals("true") && !partial.equals("false")) {
            throw new IllegalArgumentException(
                    SchedulerBundle.PARTIAL + " is true or false, not " + partial);
        }
        options.partial(partial.equals("true"));
        options.sliceNs(TimeUnit.MICROSECONDS.toNanos(number(SchedulerBundle.SLICE_US, 20_000)));
        long timeout = number(SchedulerBundle.TIMEOUT_MS, 5_000);
        options.watchdogTimeout(Duration.ofMillis(timeout))
                .overdueAfter(Duration.ofMillis(Math.min(2_000, timeout * 2 / 5)));
        return options.build();
    }

    private String text(String name, String usual) {
        String value = properties.apply(name);
        return value == null ? usual : value.strip();
    }

    private long number(String name, long usual) {
        String value = text(name, Long.toString(usual));
        if (!value.matches("[0-9]{1," + MOST + "}") || Long.parseLong(value) == 0) {
            throw new IllegalArgumentException(name + " is a number above 0, not " + value);
        }
        return Long.parseLong(value);
    }
}
