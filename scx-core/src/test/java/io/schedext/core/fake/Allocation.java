// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.fake;

import com.sun.management.ThreadMXBean;
import io.schedext.core.DispatchedTask;
import io.schedext.core.Policy;
import io.schedext.core.RunLoop;
import java.lang.management.ManagementFactory;

/// Measures what a piece of work allocates.
public final class Allocation {

    private static final int ROUNDS = 10;
    private static final int TASKS = 1_000_000;
    private static final int BURST = 100;

    private Allocation() {}

    /// Runs a round until one allocates nothing, ten times at most: before the JVM has compiled it,
    /// even code that allocates nothing may cost some bytes.
    ///
    /// @return the bytes that the calling thread allocated in the best round
    public static long ofBestRound(Runnable round) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS && fewest != 0; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            round.run();
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }

    /// Runs a policy's loop on rounds of a million tasks, a hundred per cycle, some with an idle
    /// CPU and most without. Fails unless each task gets its decision.
    ///
    /// @return the bytes allocated in the best round
    public static long ofMillionTasks(FakeKernel kernel, Policy policy) {
        RunLoop loop = new RunLoop(kernel, policy);
        TaskRecord task = new TaskRecord(1);
        DispatchedTask decision = new DispatchedTask();
        return ofBestRound(() -> {
            for (int done = 0; done < TASKS; done += BURST) {
                cycle(kernel, loop, task, decision, done);
            }
        });
    }

    private static void cycle(
            FakeKernel kernel, RunLoop loop, TaskRecord task, DispatchedTask decision, long now) {
        kernel.idle(0, 1);
        for (int i = 1; i <= BURST; i++) {
            kernel.queue(task.pid(i).ran(now, now + i).vtime(now));
        }
        loop.cycle();
        for (int i = 1; i <= BURST; i++) {
            if (!kernel.takeDecision(decision) || decision.pid() != i) {
                throw new AssertionError("no decision for task " + i);
            }
        }
    }
}
