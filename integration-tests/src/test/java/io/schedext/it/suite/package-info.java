// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
/// Runs JUnit tests inside the guest and tells the host about them.
///
/// Guest side: [io.schedext.it.guest.GuestSuite] runs the tests in one JVM,
/// [io.schedext.it.suite.KernelGuard] checks the kernel after each, [io.schedext.it.suite.Watchdog]
/// ends what hangs. Host side: [io.schedext.it.suite.SuiteRun] boots guests, starts that JVM, and
/// turns its lines back into events.
package io.schedext.it.suite;
