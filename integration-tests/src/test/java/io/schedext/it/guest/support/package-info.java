// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// What tests in the guest stand on: a scheduler attached from within the test, loads of the class
/// SCHED_EXT, an observer that asks the kernel instead of the scheduler, and what the kernel shows
/// in /sys and /proc.
package io.schedext.it.guest.support;
