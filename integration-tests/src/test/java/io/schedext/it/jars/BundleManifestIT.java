// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.jars;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds the two faces of each jar together: bnd writes the bundle's manifest from package names
/// and never reads `module-info`, so nothing but this test keeps `Export-Package` and `exports` the
/// same.
@ParameterizedClass
@MethodSource("modules")
class BundleManifestIT {

    private static final Path PROJECT = Path.of("..");

    private final String moduleName;
    private final BuiltJar jar;

    BundleManifestIT(String moduleName) {
        this.moduleName = moduleName;
        this.jar = BuiltJar.of(moduleName);
    }

    // Every folder scx-NAME is a jar that people use, and its module is io.schedext.NAME without
    // dashes.
    static Stream<String> modules() throws IOException {
        try (Stream<Path> folders = Files.list(PROJECT)) {
            return folders
                    .filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith("scx-"))
                    .map(name -> "io.schedext." + name.substring("scx-".length()).replace("-", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void bundleExportsWhatTheModuleExports() {
        assertThat(jar.bundleExports()).isEqualTo(jar.moduleExports());
    }

    @Test
    void exportsOnePackageOrTwoAndNoInternalOne() {
        assertThat(jar.bundleExports())
                .hasSizeBetween(1, 2)
                .noneMatch(name -> name.endsWith(".internal") || name.contains(".internal."));
    }

    @Test
    void packagesThatAreNotExportedAreNamedInternal() {
        assertThat(jar.module().packages())
                .allMatch(name ->
                        jar.moduleExports().contains(name)
                                || name.endsWith(".internal")
                                || name.contains(".internal."));
    }

    @Test
    void moduleIsStrict() {
        assertThat(jar.module().isAutomatic()).isFalse();
        assertThat(jar.module().isOpen()).isFalse();
    }

    @Test
    void bundleIsNamedAsTheModule() {
        assertThat(jar.header("Bundle-ManifestVersion")).isEqualTo("2");
        assertThat(jar.header("Bundle-SymbolicName")).isEqualTo(moduleName);
        assertThat(jar.header("Bundle-Version")).matches("\\d+\\.\\d+\\.\\d+(\\.[\\w-]+)?");
    }

    @Test
    void bundleNeedsTheJavaVersionItWasCompiledFor() {
        assertThat(jar.header("Require-Capability")).contains("(osgi.ee=JavaSE)(version=25)");
    }

    @Test
    void carriesItsLicence() {
        assertThat(jar.has("META-INF/LICENSE")).isTrue();
    }
}
