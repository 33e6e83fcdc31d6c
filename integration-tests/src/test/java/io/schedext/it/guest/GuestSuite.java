// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest;

import io.schedext.it.suite.EventPrinter;
import io.schedext.it.suite.GuestSelection;
import io.schedext.it.suite.KernelGuard;
import io.schedext.it.suite.KernelLog;
import io.schedext.it.suite.SuiteEvent;
import io.schedext.it.suite.Watchdog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Runs the tests of this package, in this JVM, one after the other, and prints a [SuiteEvent] for
/// each thing that happens. It is started in the guest by [io.schedext.it.suite.SuiteRun], which
/// selects by system properties ([GuestSelection#fromProperties]); the one argument, if there is
/// one, is a file with names of tests to leave out.
///
/// Exit status: 0 when all passed, 1 when any failed, [Watchdog#EXIT_STATUS] when one hung.
public final class GuestSuite {
    private GuestSuite() {}

    public static void main(String[] arguments) throws IOException {
        Set<String> skip =
                arguments.length == 0
                        ? Set.of()
                        : new HashSet<>(Files.readAllLines(Path.of(arguments[0])));
        System.setProperty(KernelGuard.ENABLED, "true");
        GuestSelection selection = GuestSelection.fromProperties();
        PrintStream out = System.out;
        var printer =
                new EventPrinter(out, new Watchdog(out, KernelLog.follow()), selection.limit());
        GuestSelection.launcher().execute(selection.request(skip), printer);
        out.println(SuiteEvent.done().format());
        out.flush();
        System.exit(printer.failures() == 0 ? 0 : 1);
    }
}
