// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.ExitStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README says is true: its scheduler compiles, its statuses are those of the program, its
/// links lead somewhere.
class ReadmeTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private static String readme() throws IOException {
        return Files.readString(PROJECT.resolve("README.md"));
    }

    @Test
    void itsSchedulerCompiles(@TempDir Path output) throws IOException {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme());
        assertThat(block.find()).as("a java block").isTrue();
        JavaFileObject source =
                new SimpleJavaFileObject(
                        URI.create("string:///RoundRobin.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return block.group(1);
                    }
                };
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(problems, null, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(output));
            boolean compiled =
                    compiler.getTask(
                                    null,
                                    files,
                                    problems,
                                    List.of("-Xlint:all"),
                                    null,
                                    List.of(source))
                            .call();
            assertThat(problems.getDiagnostics()).isEmpty();
            assertThat(compiled).isTrue();
        }
    }

    @Test
    void itsStatusesAreThoseOfTheProgram() throws IOException {
        List<Integer> told =
                Pattern.compile("^\\| (\\d+) \\|", Pattern.MULTILINE)
                        .matcher(readme())
                        .results()
                        .map(row -> Integer.valueOf(row.group(1)))
                        .toList();
        List<Integer> real = Stream.of(ExitStatus.values()).map(ExitStatus::code).toList();
        assertThat(told).isEqualTo(real);
    }

    @Test
    void linksWithinTheProjectLeadSomewhere() throws IOException {
        try (Stream<Path> docs = Files.list(PROJECT.resolve("docs"))) {
            List<Path> pages =
                    Stream.concat(
                                    Stream.of(PROJECT.resolve("README.md")),
                                    docs.filter(page -> page.toString().endsWith(".md")))
                            .toList();
            for (Path page : pages) {
                List<String> dead =
                        Pattern.compile("\\]\\(([^)#]+)[^)]*\\)")
                                .matcher(Files.readString(page))
                                .results()
                                .map(link -> link.group(1))
                                .filter(link -> !link.contains("://"))
                                .filter(link -> Files.notExists(page.resolveSibling(link)))
                                .toList();
                assertThat(dead).as("dead links in " + page.getFileName()).isEmpty();
            }
        }
    }
}
