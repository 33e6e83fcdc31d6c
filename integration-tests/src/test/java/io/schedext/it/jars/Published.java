// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.jars;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What others can depend on: every folder named `scx-*` is published.
final class Published {

    /// The root of the project.
    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern MODULE =
            Pattern.compile("^(?:open )?module ([\\w.]+) \\{", Pattern.MULTILINE);

    private Published() {}

    /// @return the folders, which are also the names of the artifacts, in order
    static List<String> folders() throws IOException {
        try (Stream<Path> folders = Files.list(PROJECT)) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith("scx-"))
                    .sorted()
                    .toList();
        }
    }

    /// @return the names of the modules of those that are a jar, as their `module-info` has them
    static List<String> modules() throws IOException {
        List<String> names = new ArrayList<>();
        for (String folder : folders()) {
            Path info = PROJECT.resolve(folder, "src/main/java/module-info.java");
            if (Files.exists(info)) {
                Matcher name = MODULE.matcher(Files.readString(info));
                if (!name.find()) {
                    throw new AssertionError("no name in " + info);
                }
                names.add(name.group(1));
            }
        }
        return names;
    }
}
