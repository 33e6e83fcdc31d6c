// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// A scheduler is a [io.schedext.core.Policy]: it takes [io.schedext.core.QueuedTask]s, decides,
/// and dispatches [io.schedext.core.DispatchedTask]s. [io.schedext.core.SchedulerRunner] attaches
/// it to the kernel and drives it.
///
/// ![The way of one task: the kernel side parks it and sends a record through a ring to Java; the
/// policy's decision comes back through another ring and moves the task to the queue of a
/// CPU](doc-files/way-of-a-task.svg)
///
/// Threading: one thread, the loop, calls the policy and every method of
/// [io.schedext.core.KernelSide] that says so; counters may be read by any thread. Allocation: what
/// the loop calls allocates nothing.
package io.schedext.core;
