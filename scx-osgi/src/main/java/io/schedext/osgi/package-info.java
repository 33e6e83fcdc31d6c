// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// What a bundle with a policy has to say, and what the scheduler's bundle can be told.
package io.schedext.osgi;
