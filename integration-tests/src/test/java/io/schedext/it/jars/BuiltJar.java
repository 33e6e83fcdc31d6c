// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.jars;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One of this project's jars as the build made it, seen as a JPMS module and as an OSGi bundle.
///
/// @param file the jar
/// @param module its compiled `module-info`
/// @param manifest its manifest
record BuiltJar(Path file, ModuleDescriptor module, Manifest manifest) {

    // A manifest clause ends at a comma that is outside quotes.
    private static final Pattern CLAUSE_END = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

    /// Finds the jar of a module on the class path.
    ///
    /// @param moduleName the name of the JPMS module
    /// @return the jar
    /// @throws AssertionError when the class path has no such jar, for instance because it has the
    ///   folder of classes of a build that stopped before `package`
    static BuiltJar of(String moduleName) {
        return ModuleFinder.of(jarsOnClassPath()).findAll().stream()
                .filter(found -> found.descriptor().name().equals(moduleName))
                .map(found -> read(Path.of(found.location().orElseThrow()), found.descriptor()))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError(
                                "no jar of " + moduleName + " on the class path: mvn verify"));
    }

    /// @return the names of the packages the module exports to everybody
    Set<String> moduleExports() {
        return module.exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// @return the names of the packages in the bundle's `Export-Package`; empty when it has none
    Set<String> bundleExports() {
        String header = header("Export-Package");
        if (header == null) {
            return Set.of();
        }
        return CLAUSE_END
                .splitAsStream(header)
                .map(clause -> clause.split(";", 2)[0].strip())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// @param name a manifest header
    /// @return its value, `null` when the manifest lacks it
    String header(String name) {
        return manifest.getMainAttributes().getValue(name);
    }

    /// @param name the name of an entry
    /// @return whether the jar has it
    boolean has(String name) {
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.getEntry(name) != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BuiltJar read(Path file, ModuleDescriptor module) {
        try (JarFile jar = new JarFile(file.toFile())) {
            return new BuiltJar(file, module, jar.getManifest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Found by what each of them has, because a test runner may hide the real class path in a jar
    // of its own.
    private static Path[] jarsOnClassPath() {
        return BuiltJar.class
                .getClassLoader()
                .resources("module-info.class")
                .filter(url -> url.getProtocol().equals("jar"))
                .map(BuiltJar::jarOf)
                .toArray(Path[]::new);
    }

    private static Path jarOf(URL entry) {
        String inside = entry.getPath();
        return Path.of(URI.create(inside.substring(0, inside.indexOf("!/"))));
    }
}
