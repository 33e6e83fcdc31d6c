// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
/// The executables as users start them: a process each, on the module path.
package io.schedext.it.cli;
