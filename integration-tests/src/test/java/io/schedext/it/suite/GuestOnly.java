// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;

/// Keeps the guest's tests from being run on the host, however they are asked for (`-Dtest=...`
/// overrides the build's own exclusions): they take CPUs offline and attach schedulers. Every
/// launcher finds it by itself; only those of this package look past it.
public final class GuestOnly implements PostDiscoveryFilter {
    private static final String PACKAGE = "io.schedext.it.guest.";

    @Override
    public FilterResult apply(TestDescriptor descriptor) {
        String className =
                switch (descriptor.getSource().orElse(null)) {
                    case ClassSource source -> source.getClassName();
                    case MethodSource source -> source.getClassName();
                    case null, default -> "";
                };
        boolean guests = className.startsWith(PACKAGE);
        return FilterResult.includedIf(
                !guests, () -> "not in the guest", () -> "is run in the guest only");
    }
}
