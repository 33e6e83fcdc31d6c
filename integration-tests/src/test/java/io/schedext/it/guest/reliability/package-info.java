// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// Faults on purpose: of the loop, the policy, the JVM, the load, the machine. What is shown each
/// time is that the kernel never has to end the scheduler and that the load goes on.
package io.schedext.it.guest.reliability;
