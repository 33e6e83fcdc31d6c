// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// A kernel for tests and benchmarks: [io.schedext.core.fake.FakeKernel] drives policies and the
/// run loop over plain memory. In the jar of tests of scx-core, for the other modules of this
/// build.
package io.schedext.core.fake;
