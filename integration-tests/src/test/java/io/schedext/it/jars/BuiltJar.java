// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.jars;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
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

    private static final String SERVICES = "META-INF/services/";

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

    /// @return the jars of the class path that are modules, and those without a module's name that
    ///   ours require all the same
    static List<Path> modulePath() {
        Set<String> required = new TreeSet<>();
        for (ModuleReference found : ModuleFinder.of(jarsOnClassPath()).findAll()) {
            if (found.descriptor().name().startsWith("io.schedext.")) {
                found.descriptor().requires().forEach(requires -> required.add(requires.name()));
            }
        }
        List<Path> path = new ArrayList<>(List.of(jarsOnClassPath()));
        for (Path jar : jarsWith("META-INF/MANIFEST.MF")) {
            nameWithoutDescriptor(jar).filter(required::contains).ifPresent(_ -> path.add(jar));
        }
        return path;
    }

    // The name that a jar without module-info has as a module by that of its file, if it can be
    // one.
    private static Optional<String> nameWithoutDescriptor(Path jar) {
        try {
            return ModuleFinder.of(jar).findAll().stream()
                    .map(ModuleReference::descriptor)
                    .filter(ModuleDescriptor::isAutomatic)
                    .map(ModuleDescriptor::name)
                    .findFirst();
        } catch (FindException e) {
            return Optional.empty();
        }
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

    /// @return the names of the services the module provides, each with its providers in order
    Map<String, List<String>> moduleProvides() {
        Map<String, List<String>> provides = new TreeMap<>();
        module.provides().forEach(each -> provides.put(each.service(), each.providers()));
        return provides;
    }

    /// @return the same by the files in `META-INF/services`
    Map<String, List<String>> services() {
        Map<String, List<String>> services = new TreeMap<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().startsWith(SERVICES) && !entry.isDirectory()) {
                    String text =
                            new String(
                                    jar.getInputStream(entry).readAllBytes(),
                                    StandardCharsets.UTF_8);
                    services.put(
                            entry.getName().substring(SERVICES.length()),
                            text.lines()
                                    .map(line -> line.replaceFirst("#.*", "").strip())
                                    .filter(line -> !line.isEmpty())
                                    .toList());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return services;
    }

    /// @return the simple names of the top-level classes of a package, by the files of the jar
    List<String> classesOf(String packageName) {
        String folder = packageName.replace('.', '/') + "/";
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith(folder) && name.endsWith(".class"))
                    .map(name -> name.substring(folder.length(), name.length() - ".class".length()))
                    .filter(name -> !name.contains("/") && !name.contains("$"))
                    .filter(name -> !name.endsWith("-info"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static Path[] jarsOnClassPath() {
        return jarsWith("module-info.class");
    }

    // Found by what each of them has, because a test runner may hide the real class path in a jar
    // of its own.
    private static Path[] jarsWith(String entry) {
        return BuiltJar.class
                .getClassLoader()
                .resources(entry)
                .filter(url -> url.getProtocol().equals("jar"))
                .map(BuiltJar::jarOf)
                .toArray(Path[]::new);
    }

    private static Path jarOf(URL entry) {
        String inside = entry.getPath();
        return Path.of(URI.create(inside.substring(0, inside.indexOf("!/"))));
    }
}
