// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.osgi.internal;

import io.schedext.core.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceObjects;
import org.osgi.framework.ServiceReference;

/// Policies of one service, and what was got of it.
final class PolicySource implements Supplier<Policy>, AutoCloseable {

    private final ServiceReference<Policy> reference;
    private final ServiceObjects<Policy> objects;
    private final List<Policy> got = new ArrayList<>();

    PolicySource(BundleContext context, ServiceReference<Policy> reference) {
        this.reference = reference;
        objects = context.getServiceObjects(reference);
    }

    static boolean isPrototype(ServiceReference<?> reference) {
        return Constants.SCOPE_PROTOTYPE.equals(reference.getProperty(Constants.SERVICE_SCOPE));
    }

    ServiceReference<Policy> reference() {
        return reference;
    }

    /// @throws IllegalStateException when the service is gone, or its bundle gives none
    @Override
    public synchronized Policy get() {
        Policy policy = objects == null ? null : objects.getService();
        if (policy == null) {
            throw new IllegalStateException(this + " gives no policy");
        }
        got.add(policy);
        return policy;
    }

    @Override
    public synchronized void close() {
        for (Policy policy : got) {
            try {
                objects.ungetService(policy);
            } catch (IllegalStateException | IllegalArgumentException e) {
                // this bundle stops, or the service is gone: nothing to give back
            }
        }
        got.clear();
    }

    @Override
    public String toString() {
        Object description = reference.getProperty(Constants.SERVICE_DESCRIPTION);
        return description != null ? description.toString() : reference.toString();
    }
}
