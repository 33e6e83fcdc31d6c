// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.vruntime.internal;

import picocli.CommandLine.IVersionProvider;

/// What `--version` prints, from the jar's manifest or, in an image, from the module.
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version =
                Version.class
                        .getModule()
                        .getDescriptor()
                        .rawVersion()
                        .orElse("(version not recorded)");
        return new String[] {"vruntime " + version};
    }
}
