// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.schedext.it.suite.GuestSelection;
import io.schedext.it.suite.KernelPlan;
import io.schedext.it.suite.KernelReport;
import io.schedext.it.suite.Outcome;
import io.schedext.it.suite.SuiteRun;
import io.schedext.it.suite.TestReport;
import io.schedext.kernelvm.VmOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs the guest's tests in guests, one guest after the other, each test as a test of this class.
///
/// System properties: `scx.kernels` as [KernelPlan#of] takes it (6.18), `scx.only` and `scx.tags`
/// as [GuestSelection] takes them.
class KernelSuiteIT {
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    @TestFactory
    Stream<DynamicTest> inTheKernel() throws IOException {
        List<KernelPlan> plans =
                KernelPlan.of(
                        System.getProperty("scx.kernels", VmOptions.DEFAULT_KERNEL),
                        GuestSelection.fromProperties());
        GuestSelection first = plans.getFirst().tests();
        assumeFalse(
                first.names().isEmpty() && !first.only().isEmpty(),
                "no guest test has " + first.only() + " in its name");
        removeOldReports();
        Suites suites = new Suites(plans);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(suites, Spliterator.ORDERED), false)
                .onClose(suites::close);
    }

    private static void removeOldReports() throws IOException {
        try (var reports = Files.newDirectoryStream(TARGET, "kernel-report-*.json")) {
            for (Path report : reports) {
                Files.delete(report);
            }
        }
    }

    /// The suites of all kernels, and of each a last test: that all have run.
    private static final class Suites implements Iterator<DynamicTest> {
        private final Iterator<KernelPlan> plans;
        private final boolean several;
        private Suite suite;
        private final Queue<DynamicTest> next = new ArrayDeque<>();

        Suites(List<KernelPlan> plans) {
            this.plans = plans.iterator();
            several = plans.size() > 1;
        }

        /// Waits for the next report.
        @Override
        public boolean hasNext() {
            while (next.isEmpty() && (suite != null || plans.hasNext())) {
                if (suite == null) {
                    KernelPlan plan = plans.next();
                    suite = new Suite(plan, several ? plan.kernel() + ": " : "");
                }
                Optional<DynamicTest> test = suite.next();
                if (test.isPresent()) {
                    next.add(test.get());
                } else {
                    next.add(suite.allHaveRun());
                    close();
                }
            }
            return !next.isEmpty();
        }

        @Override
        public DynamicTest next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return next.remove();
        }

        void close() {
            if (suite != null) {
                suite.conclude();
                suite = null;
            }
        }
    }

    /// The suite of one kernel.
    private static final class Suite {
        private final KernelPlan plan;
        private final String prefix;
        private final SuiteRun run;
        private final KernelReport report = new KernelReport();
        private String broken = "";

        Suite(KernelPlan plan, String prefix) {
            this.plan = plan;
            this.prefix = prefix;
            assertThat(plan.tests().names()).as("guest tests").isNotEmpty();
            Path output = TARGET.resolve("vm/" + plan.kernel());
            try {
                Files.createDirectories(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            run =
                    new SuiteRun(
                            VmOptions.defaults(output).withKernel(plan.kernel()),
                            plan.tests(),
                            line -> System.out.println("vm: " + line));
        }

        /// @return empty when there is none any more; what ended it is told by [#allHaveRun]
        Optional<DynamicTest> next() {
            try {
                return run.next().map(this::toTest);
            } catch (RuntimeException e) {
                // One kernel that does not even boot does not keep the others from their tests.
                broken = e.getMessage();
                return Optional.empty();
            }
        }

        DynamicTest allHaveRun() {
            List<String> left = run.left();
            String why = broken;
            return dynamicTest(
                    prefix + "all selected tests have run",
                    () -> {
                        assertThat(why).as("what ended the suite").isEmpty();
                        assertThat(left).as("tests that did not run").isEmpty();
                        assertThat(report.tests()).isNotEmpty();
                    });
        }

        void conclude() {
            run.close();
            run.machine().ifPresent(report::machine);
            report.notRun(run.left());
            report.write(TARGET.resolve("kernel-report-" + plan.kernel() + ".json"));
            System.out.println(report.table());
        }

        private DynamicTest toTest(TestReport test) {
            report.add(test);
            System.out.printf(
                    "vm: %7.2f s  %s  %s%n",
                    test.millis() / 1000.0, test.outcome(), prefix + test.name());
            return dynamicTest(
                    prefix + test.name(),
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
    }
}
