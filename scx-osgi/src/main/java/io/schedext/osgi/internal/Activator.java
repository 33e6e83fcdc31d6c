// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.osgi.internal;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/// As long as this bundle is active it schedules the machine, if there is a policy.
public final class Activator implements BundleActivator {

    private PolicyBundles bundles;
    private Scheduling scheduling;

    /// For the framework.
    public Activator() {}

    /// @throws IllegalArgumentException when a property makes no sense: the bundle does not start
    @Override
    public void start(BundleContext context) {
        scheduling = new Scheduling(context, new Settings(context::getProperty).options());
        bundles = new PolicyBundles(context);
        bundles.open();
        scheduling.open();
    }

    @Override
    public void stop(BundleContext context) {
        scheduling.close();
        bundles.close();
    }
}
