// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// For those who implement [io.schedext.core.KernelSide] without a kernel: records of tasks to be
/// filled in, and counters to be counted up.
package io.schedext.core.spi;
