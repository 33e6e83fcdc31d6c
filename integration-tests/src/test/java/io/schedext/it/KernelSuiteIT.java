// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.schedext.it.suite.GuestSelection;
import io.schedext.it.suite.KernelReport;
import io.schedext.it.suite.Outcome;
import io.schedext.it.suite.SuiteRun;
import io.schedext.it.suite.TestReport;
import io.schedext.it.vm.VmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs the guest's tests in a guest, each as a test of this class.
///
/// System properties: `scx.kernel` (6.18), `scx.only` and `scx.tags` as [GuestSelection] takes
/// them.
class KernelSuiteIT {
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    private final KernelReport report = new KernelReport();

    @TestFactory
    Stream<DynamicTest> inTheKernel() throws IOException {
        GuestSelection selection = GuestSelection.fromProperties();
        List<String> names = selection.names();
        assumeFalse(
                names.isEmpty() && !selection.only().isEmpty(),
                "no guest test has " + selection.only() + " in its name");
        assertThat(names).as("guest tests").isNotEmpty();

        Path output = TARGET.resolve("vm/suite");
        Files.createDirectories(output);
        VmOptions options =
                VmOptions.defaults(output)
                        .withKernel(System.getProperty("scx.kernel", VmOptions.DEFAULT_KERNEL));
        SuiteRun run = new SuiteRun(options, selection, line -> System.out.println("vm: " + line));
        Stream<DynamicTest> tests =
                StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(new Reports(run), Spliterator.ORDERED),
                        false);
        return Stream.concat(
                        tests,
                        Stream.of(
                                dynamicTest(
                                        "all selected tests have run",
                                        () -> {
                                            assertThat(run.left())
                                                    .as("tests that did not run")
                                                    .isEmpty();
                                            assertThat(report.tests()).isNotEmpty();
                                        })))
                .onClose(() -> conclude(run));
    }

    private void conclude(SuiteRun run) {
        run.close();
        run.machine().ifPresent(report::machine);
        report.notRun(run.left());
        report.write(TARGET.resolve("kernel-report.json"));
        System.out.println(report.table());
    }

    private DynamicTest toTest(TestReport test) {
        report.add(test);
        System.out.printf(
                "vm: %7.2f s  %s  %s%n", test.millis() / 1000.0, test.outcome(), test.name());
        return dynamicTest(
                test.name(),
                () -> {
                    if (!test.output().isBlank()) {
                        System.out.println(test.output());
                    }
                    if (test.outcome() == Outcome.FAILED) {
                        throw new AssertionError("in the guest: " + test.message());
                    }
                    if (test.outcome() != Outcome.PASSED) {
                        abort(test.message());
                    }
                });
    }

    /// Waits for each report when it is asked for the next test.
    private final class Reports implements Iterator<DynamicTest> {
        private final SuiteRun run;
        private Optional<TestReport> next;

        Reports(SuiteRun run) {
            this.run = run;
        }

        @Override
        public boolean hasNext() {
            if (next == null) {
                next = run.next();
            }
            return next.isPresent();
        }

        @Override
        public DynamicTest next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            DynamicTest test = toTest(next.orElseThrow());
            next = null;
            return test;
        }
    }
}
