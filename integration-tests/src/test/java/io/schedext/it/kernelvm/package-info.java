// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
/// `scx-kernel-vm` as its users have it: nothing here but its own API.
package io.schedext.it.kernelvm;
