// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
/// The images of `./scx image`, on this machine and on one that has nothing.
package io.schedext.it.image;
