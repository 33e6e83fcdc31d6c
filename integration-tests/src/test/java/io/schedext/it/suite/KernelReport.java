// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The result of a suite, for machines (JSON) and for people (a table of times).
public final class KernelReport {
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(\\.\\d+)?");

    private final List<TestReport> tests = new ArrayList<>();
    private List<String> notRun = List.of();
    private MachineFacts machine;

    /// Adds one result; the file keeps their order.
    public void add(TestReport test) {
        tests.add(test);
    }

    /// What the tests ran on; without it the report has no `machine`.
    public void machine(MachineFacts facts) {
        machine = facts;
    }

    /// Names of tests that were selected and of which nothing was heard.
    public void notRun(List<String> names) {
        notRun = List.copyOf(names);
    }

    /// All results so far.
    public List<TestReport> tests() {
        return List.copyOf(tests);
    }

    /// Writes the JSON file; makes its folder.
    public void write(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, json());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    String json() throws IOException {
        List<Entry> entries = tests.stream().map(Entry::of).toList();
        return new ObjectMapper()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(
                                new Content(
                                        machine,
                                        count(Outcome.PASSED),
                                        count(Outcome.FAILED),
                                        entries,
                                        notRun))
                + "\n";
    }

    private long count(Outcome outcome) {
        return tests.stream().filter(test -> test.outcome() == outcome).count();
    }

    /// Times of all tests, slowest first, and figures.
    public String table() {
        StringBuilder table = new StringBuilder();
        if (machine != null) {
            table.append(
                    "kernel %s, %d CPUs on %d nodes, %s, booted in %.1f s%n"
                            .formatted(
                                    machine.kernel(),
                                    machine.cpus(),
                                    machine.numaNodes(),
                                    machine.acceleration(),
                                    machine.bootSeconds()));
        }
        tests.stream()
                .sorted((a, b) -> Long.compare(b.millis(), a.millis()))
                .forEach(test -> {
                    String figures = test.figures().isEmpty() ? "" : "  " + test.figures();
                    table.append(
                            "%8.2f s  %-7s %s%s%n"
                                    .formatted(
                                            test.millis() / 1000.0,
                                            test.outcome().name().toLowerCase(Locale.ROOT),
                                            test.name(),
                                            figures));
                });
        notRun.forEach(name -> table.append("       - s  %-7s %s%n".formatted("not run", name)));
        double seconds = tests.stream().mapToLong(TestReport::millis).sum() / 1000.0;
        table.append(
                "%8.2f s  %d tests, %d passed, %d failed%n"
                        .formatted(
                                seconds,
                                tests.size(),
                                count(Outcome.PASSED),
                                count(Outcome.FAILED) + notRun.size()));
        return table.toString();
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Content(
            MachineFacts machine,
            long passed,
            long failed,
            List<Entry> tests,
            List<String> notRun) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record Entry(
            String name,
            String outcome,
            double seconds,
            Map<String, Object> figures,
            String message) {
        static Entry of(TestReport test) {
            Map<String, Object> figures = new LinkedHashMap<>();
            test.figures().forEach((name, value) -> figures.put(name, number(value)));
            return new Entry(
                    test.name(),
                    test.outcome().name().toLowerCase(Locale.ROOT),
                    test.millis() / 1000.0,
                    figures,
                    test.message());
        }

        private static Object number(String value) {
            if (!NUMBER.matcher(value).matches()) {
                return value;
            }
            return value.indexOf('.') < 0 ? (Object) Long.valueOf(value) : Double.valueOf(value);
        }
    }
}
