// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.cli;

import io.schedext.core.SchedulerOptions;
import io.schedext.core.SchedulerRunner;

/// A scheduler whose policy fails when it has to decide on the first task after it was attached.
final class FailingScheduler {

    private FailingScheduler() {}

    public static void main(String[] args) {
        SchedulerRunner runner =
                new SchedulerRunner(
                        SchedulerOptions.builder().name("failing").builtinIdle(false).build(),
                        () ->
                                kernel -> {
                                    boolean attached = kernel.counters().onlineCpus() > 0;
                                    if (kernel.dequeueTask() != null && attached) {
                                        throw new IllegalStateException("no idea what to do");
                                    }
                                    return 0;
                                });
        System.exit(runner.runAsMain(System.out));
    }
}
