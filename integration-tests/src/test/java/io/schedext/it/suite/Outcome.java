// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

/// How a test in the guest ended.
public enum Outcome {
    PASSED,
    FAILED,
    /// An assumption of its own did not hold.
    ABORTED,
    /// It is disabled.
    SKIPPED
}
