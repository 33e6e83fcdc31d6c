// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
/// Tests that run inside the guest, as root, in one JVM, one after the other.
///
/// A class whose name ends in `Test` is found by itself. Tests tagged `full` are left out of the
/// gate. Each may take 60 s, or what its `@Timeout` says; what it publishes with JUnit's
/// `TestReporter` are its figures in the report. After each, the kernel's log must have no new
/// complaint ([io.schedext.it.suite.AllowKernelLog] names exceptions) and no scheduler may be
/// attached.
package io.schedext.it.guest;
