// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.osgi.internal;

import io.schedext.core.Policy;
import io.schedext.osgi.SchedulerBundle;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.BundleTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Registers the policies that active bundles name in their manifests, in the name of these
/// bundles.
final class PolicyBundles extends BundleTracker<List<ServiceRegistration<Policy>>> {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyBundles.class);

    PolicyBundles(BundleContext context) {
        super(context, Bundle.ACTIVE, null);
    }

    @Override
    public List<ServiceRegistration<Policy>> addingBundle(Bundle bundle, BundleEvent event) {
        String header = bundle.getHeaders("").get(SchedulerBundle.POLICY_HEADER);
        if (header == null) {
            return null;
        }
        List<ServiceRegistration<Policy>> registered = new ArrayList<>();
        try {
            for (PolicyClause clause : PolicyClause.parse(header)) {
                registered.add(register(bundle, clause));
            }
        } catch (IllegalArgumentException | ClassNotFoundException | NoSuchMethodException e) {
            LOG.error("{} has no policy: {}", bundle.getSymbolicName(), e.toString());
            LOG.debug("Details:", e);
        }
        return registered;
    }

    private static ServiceRegistration<Policy> register(Bundle bundle, PolicyClause clause)
            throws ClassNotFoundException, NoSuchMethodException {
        Class<?> found = bundle.loadClass(clause.className());
        if (!Policy.class.isAssignableFrom(found)) {
            throw new IllegalArgumentException(clause.className() + " is no Policy");
        }
        Class<? extends Policy> type = found.asSubclass(Policy.class);
        type.getConstructor();
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(Constants.SERVICE_RANKING, clause.ranking());
        properties.put(Constants.SERVICE_DESCRIPTION, clause.className());
        return bundle.getBundleContext().registerService(Policy.class, new Maker(type), properties);
    }

    @Override
    public void removedBundle(
            Bundle bundle, BundleEvent event, List<ServiceRegistration<Policy>> registered) {
        for (ServiceRegistration<Policy> registration : registered) {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                LOG.debug("The framework was faster to unregister a policy", e);
            }
        }
    }

    private record Maker(Class<? extends Policy> type) implements PrototypeServiceFactory<Policy> {

        @Override
        public Policy getService(Bundle bundle, ServiceRegistration<Policy> registration) {
            try {
                return type.getConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(type.getName() + " cannot be made", e);
            }
        }

        @Override
        public void ungetService(
                Bundle bundle, ServiceRegistration<Policy> registration, Policy policy) {
            // nobody else has it
        }
    }
}
