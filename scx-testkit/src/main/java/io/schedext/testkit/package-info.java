// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// A machine in memory for the tests of a policy: the run loop and the policy are the real ones,
/// the kernel around them is simulated, to the nanosecond and without luck.
package io.schedext.testkit;
