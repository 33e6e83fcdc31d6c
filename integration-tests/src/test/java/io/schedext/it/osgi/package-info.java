// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// An OSGi framework in a process of its own, and this project's bundles in it.
package io.schedext.it.osgi;
