// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// Schedulers in an OSGi framework, on a real kernel.
package io.schedext.it.guest.osgi;
