// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
/// The image of the VM, and its command line.
package io.schedext.kernelvm.internal;
