// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// Shares the CPUs by weight: who ran least, measured by weight, runs next.
package io.schedext.vruntime;
