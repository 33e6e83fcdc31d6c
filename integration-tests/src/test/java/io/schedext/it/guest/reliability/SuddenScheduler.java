// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.SchedulerRunner;

/// A scheduler whose policy ends the process, with the status given as an argument, between taking
/// a task and dispatching it; without an argument it never does.
final class SuddenScheduler {

    /// So many decisions come before that.
    private static final int DECISIONS = 200;

    private SuddenScheduler() {}

    public static void main(String[] args) {
        SchedulerOptions options =
                SchedulerOptions.builder().name("sudden").builtinIdle(false).build();
        System.exit(
                new SchedulerRunner(
                                options,
                                () ->
                                        args.length == 0
                                                ? new Ending(-1)
                                                : new Ending(Integer.parseInt(args[0])))
                        .runAsMain(System.out));
    }

    private static final class Ending implements Policy {
        private final DispatchedTask decision = new DispatchedTask();
        private final int status;
        private int decisions;

        Ending(int status) {
            this.status = status;
        }

        @Override
        public long schedule(KernelSide kernel) {
            boolean attached = kernel.counters().onlineCpus() > 0;
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                if (attached && status >= 0 && ++decisions > DECISIONS) {
                    System.exit(status);
                }
                kernel.dispatchTask(decision.of(task).cpu(DispatchedTask.ANY_CPU));
            }
            return 0;
        }
    }
}
