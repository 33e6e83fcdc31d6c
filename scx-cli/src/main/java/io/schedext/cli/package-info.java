// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// What a scheduler's `main` consists of, but for the scheduler's own options: a picocli command
/// mixes in a [io.schedext.cli.SchedulerCommand] and is a program with statistics, one-sentence
/// errors and exit statuses.
///
/// Threading: one thread, the one that runs `main`. Allocation: freely, all of it before a
/// scheduler is attached.
package io.schedext.cli;
