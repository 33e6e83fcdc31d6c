// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// The same load under the same policy, in this kernel and in the simulated one of `scx-testkit`.
package io.schedext.it.guest.conformance;
