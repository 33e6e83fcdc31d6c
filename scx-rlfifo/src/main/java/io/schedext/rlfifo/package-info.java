// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// First in, first out: the smallest real scheduler, and the tutorial for writing one.
package io.schedext.rlfifo;
