// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.jars;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Sees each jar as another module does that requires it, and nothing else: what is exported can be
/// imported, what is not cannot.
@ParameterizedClass
@MethodSource("modules")
class ModuleConsumerIT {

    private final BuiltJar jar;

    @TempDir private Path output;

    ModuleConsumerIT(String moduleName) {
        this.jar = BuiltJar.of(moduleName);
    }

    static List<String> modules() throws IOException {
        return Published.modules();
    }

    @Test
    void seesWhatIsExported() throws IOException {
        for (String name : jar.moduleExports()) {
            assertThat(jar.classesOf(name)).as("classes of %s", name).isNotEmpty();
        }
        for (String name : jar.moduleExports()) {
            assertThat(problemsOfUsing(name)).as("of using %s", name).isEmpty();
        }
    }

    @Test
    void doesNotSeeWhatIsInternal() throws IOException {
        var internal = new TreeSet<>(jar.module().packages());
        internal.removeAll(jar.moduleExports());
        internal.removeIf(name -> jar.classesOf(name).isEmpty());
        for (String name : internal) {
            assertThat(problemsOfUsing(name))
                    .as("of using %s", name)
                    .isNotEmpty()
                    .allMatch(problem ->
                            problem.contains("package " + name + " is not visible")
                                    && problem.contains("does not export it"));
        }
    }

    /// Compiles a module that requires this one, and imports the classes of a package.
    private List<String> problemsOfUsing(String packageName) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        sources.put(
                "module-info", "module consumer { requires %s; }".formatted(jar.module().name()));
        StringBuilder imports = new StringBuilder("package consumer;\n");
        // by an import each, because one of a whole package is no error where there is nothing to
        // see
        publicClassesOf(packageName)
                .forEach(name -> imports.append("import ").append(name).append(";\n"));
        sources.put("consumer/Consumer", imports + "class Consumer {}\n");
        return compile(sources);
    }

    private List<String> publicClassesOf(String packageName) {
        return jar.classesOf(packageName).stream()
                .map(name -> packageName + "." + name)
                .filter(ModuleConsumerIT::isPublic)
                .toList();
    }

    private static boolean isPublic(String className) {
        try {
            Class<?> type =
                    Class.forName(className, false, ModuleConsumerIT.class.getClassLoader());
            return Modifier.isPublic(type.getModifiers());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> compile(Map<String, String> sources) throws IOException {
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        var compiler = ToolProvider.getSystemJavaCompiler();
        List<Source> units =
                sources.entrySet().stream().map(s -> new Source(s.getKey(), s.getValue())).toList();
        try (var files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(output));
            files.setLocationFromPaths(StandardLocation.MODULE_PATH, BuiltJar.modulePath());
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of());
            compiler.getTask(null, files, problems, List.of("-proc:none"), null, units).call();
        }
        return problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(problem -> problem.getMessage(Locale.ROOT))
                .toList();
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
