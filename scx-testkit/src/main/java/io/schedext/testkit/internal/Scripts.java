// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import io.schedext.testkit.Behaviour.Step;
import java.util.BitSet;

/// Lets tasks do what their scripts say.
final class Scripts {

    /// A script that takes so many steps without taking time never will.
    private static final int MOST_STEPS_AT_ONCE = 100_000;

    /// Who does what a task's script says.
    interface Steps {
        /// The task's next step; null for the loop, which goes on by itself.
        Step next(TaskState task);

        void fork(TaskState parent, Step.Fork child);

        void wake(TaskState by, Step.Wake other);
    }

    private final Kernel kernel;
    private final Steps steps;

    Scripts(Kernel kernel, Steps steps) {
        this.kernel = kernel;
        this.steps = steps;
    }

    /// Lets the current task take its next steps, up to one that takes time.
    ///
    /// @return whether it computes on
    boolean goOn(CpuState c) {
        TaskState task = c.current;
        if (task.stepsAt != kernel.now()) {
            task.stepsAt = kernel.now();
            task.stepsAtOnce = 0;
        }
        while (task.stepsAtOnce++ < MOST_STEPS_AT_ONCE) {
            Step step = steps.next(task);
            switch (step) {
                case null -> {
                    task.work = Double.POSITIVE_INFINITY; // the loop, until it has done something
                    return true;
                }
                case Step.Run run -> {
                    task.work = run.ns() == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : run.ns();
                    return true;
                }
                case Step.Sleep sleep -> {
                    if (task.wokenEarly) {
                        task.wokenEarly = false;
                    } else {
                        task.work = 0;
                        kernel.sleep(c, sleep.ns());
                        return false;
                    }
                }
                case Step.Yield _ -> {
                    task.work = 0;
                    task.sliceNs = 0;
                    return false;
                }
                case Step.Exit _ -> {
                    kernel.exit(c);
                    return false;
                }
                case Step.Wake other -> steps.wake(task, other);
                case Step.Fork child -> steps.fork(task, child);
                case Step.Nice nice -> kernel.nice(task, nice.nice());
                case Step.Affinity affinity -> {
                    BitSet allowed = new BitSet();
                    affinity.cpus().forEach(allowed::set);
                    kernel.affinity(task, allowed);
                    if (!task.allows(c.id)) {
                        task.work = 0;
                        return false;
                    }
                }
            }
        }
        throw new IllegalStateException(
                task + " takes " + MOST_STEPS_AT_ONCE + " steps and no time");
    }
}
