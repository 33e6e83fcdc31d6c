// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// What a scheduler does to the tasks of a real kernel: where, when and for how long they run.
package io.schedext.it.guest.behaviour;
