// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// A scheduler as an OSGi bundle. As a module it only says what it needs: what it does, it does in
/// a framework.
module io.schedext.osgi {
    requires io.schedext.core;
    requires static org.osgi.framework;
    requires static org.osgi.util.tracker;
    requires org.slf4j;

    exports io.schedext.osgi;
}
