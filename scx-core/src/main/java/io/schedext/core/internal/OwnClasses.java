// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.util.List;

/// The classes of this project's modules in this JVM.
public final class OwnClasses {

    private static final String MODULES = "io.schedext.";
    private static final String SUFFIX = ".class";

    private OwnClasses() {}

    /// Loads them all, those too that only a kernel would bring about. On a class path it finds
    /// none.
    public static void load() {
        ModuleLayer layer = OwnClasses.class.getModule().getLayer();
        if (layer == null) {
            return;
        }
        layer.configuration().modules().stream()
                .filter(module -> module.name().startsWith(MODULES))
                .forEach(module -> {
                    try (ModuleReader reader = module.reference().open()) {
                        load(layer.findModule(module.name()).orElseThrow(), reader.list().toList());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private static void load(Module module, List<String> resources) {
        for (String resource : resources) {
            if (resource.endsWith(SUFFIX) && !resource.endsWith("-info.class")) {
                String name = resource.substring(0, resource.length() - SUFFIX.length());
                Class.forName(module, name.replace('/', '.'));
            }
        }
    }
}
