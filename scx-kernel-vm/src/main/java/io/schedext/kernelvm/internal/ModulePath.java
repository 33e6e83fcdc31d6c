// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm.internal;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Finds, in what this JVM was started with, what a module needs to run by itself.
public final class ModulePath {
    private ModulePath() {}

    /// The jars and folders of a module, of all it requires, and of what provides services to them.
    ///
    /// @throws IllegalArgumentException when it, or what it requires, is neither on the module path
    ///   nor on the class path
    public static List<Path> ofThisJvm(String module) {
        String paths =
                System.getProperty("jdk.module.path", "")
                        + File.pathSeparator
                        + System.getProperty("java.class.path", "");
        return of(
                module,
                Stream.of(paths.split(File.pathSeparator))
                        .filter(entry -> !entry.isEmpty())
                        .map(Path::of)
                        .toList());
    }

    static List<Path> of(String module, List<Path> entries) {
        // One that is no module at all, and cannot even be made one, is nothing to us.
        ModuleFinder all =
                ModuleFinder.compose(
                        entries.stream()
                                .flatMap(entry -> finder(entry).stream())
                                .toArray(ModuleFinder[]::new));
        try {
            return Configuration.resolveAndBind(
                            all,
                            List.of(Configuration.empty()),
                            ModuleFinder.ofSystem(),
                            Set.of(module))
                    .modules()
                    .stream()
                    .map(resolved -> location(resolved))
                    .flatMap(Optional::stream)
                    .sorted()
                    .toList();
        } catch (FindException e) {
            throw new IllegalArgumentException(
                    "the module %s cannot be run: %s; depend on it, or name its module path"
                            .formatted(module, e.getMessage()),
                    e);
        }
    }

    private static Optional<ModuleFinder> finder(Path entry) {
        ModuleFinder finder = ModuleFinder.of(entry);
        try {
            finder.findAll();
            return Optional.of(finder);
        } catch (FindException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> location(ResolvedModule module) {
        return module.reference()
                .location()
                .filter(uri -> uri.getScheme().equals("file"))
                .map(Path::of);
    }
}
