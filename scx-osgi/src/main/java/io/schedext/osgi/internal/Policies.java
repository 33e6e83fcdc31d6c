// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.osgi.internal;

import io.schedext.core.Policy;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The policies there are, and which one is to schedule.
final class Policies implements ServiceListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Policies.class);
    private static final String FILTER = "(objectClass=" + Policy.class.getName() + ")";

    private final BundleContext context;
    private final Runnable changed;

    /// Those that failed, and those that are about to go.
    private final Set<ServiceReference<?>> excluded = ConcurrentHashMap.newKeySet();

    /// @param changed called by whoever changes the services, who waits for it
    Policies(BundleContext context, Runnable changed) {
        this.context = context;
        this.changed = changed;
    }

    /// Looks from now on, and calls back for what is there already.
    void open() {
        try {
            context.addServiceListener(this, FILTER);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // a constant
        }
        changed.run();
    }

    @Override
    public void close() {
        context.removeServiceListener(this);
    }

    @Override
    public void serviceChanged(ServiceEvent event) {
        ServiceReference<?> reference = event.getServiceReference();
        excluded.removeIf(excluded -> excluded.getBundle() == null);
        if (event.getType() == ServiceEvent.UNREGISTERING) {
            excluded.add(reference); // it can still be found
        } else if (!PolicySource.isPrototype(reference)) {
            LOG.error(
                    "{} of {} is no service of prototype scope: a scheduler needs a new policy each"
                            + " time it is attached",
                    reference,
                    reference.getBundle().getSymbolicName());
            return;
        }
        changed.run();
    }

    /// The one that is ranked highest.
    Optional<ServiceReference<Policy>> best() {
        try {
            return context.getServiceReferences(Policy.class, null).stream()
                    .filter(PolicySource::isPrototype)
                    .filter(reference -> !excluded.contains(reference))
                    .max(Comparator.naturalOrder());
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // there is no filter
        }
    }

    /// A policy that failed is not chosen again.
    void refuse(ServiceReference<Policy> reference) {
        excluded.add(reference);
    }
}
