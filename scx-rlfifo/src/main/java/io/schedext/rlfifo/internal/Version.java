// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.rlfifo.internal;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// What `--version` prints: the version recorded in the module.
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"rlfifo " + ofModule()};
    }

    /// On a class path there is no module that could tell.
    private static String ofModule() {
        return Optional.ofNullable(Version.class.getModule().getDescriptor())
                .flatMap(ModuleDescriptor::rawVersion)
                .orElse("(version not recorded)");
    }
}
