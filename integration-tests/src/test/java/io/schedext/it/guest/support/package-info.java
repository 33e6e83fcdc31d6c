// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// What tests in the guest stand on: a scheduler attached from within the test, loads of the class
/// SCHED_EXT, and an observer that asks the kernel instead of the scheduler.
package io.schedext.it.guest.support;
