// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// Counts: what the scheduler says it did is what the kernel says it did, to the last task.
package io.schedext.it.guest.counts;
