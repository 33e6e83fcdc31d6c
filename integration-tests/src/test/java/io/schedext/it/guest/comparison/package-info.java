// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// Schedulers held against the kernel's own, in turns within one boot.
package io.schedext.it.guest.comparison;
