// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.SchedCalls;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Changes one thing about tasks all the time, whether they run, wait or sleep.
///
/// @param hogs tasks that never sleep
/// @param sleepers tasks that may be of a real-time class, for they sleep nearly always
record Churn(List<Long> hogs, List<Long> sleepers) {

    private static final int[] CLASSES = {SchedCalls.OTHER, SchedCalls.BATCH, SchedCalls.EXT};

    /// Changes the CPUs they may use.
    long affinity(double seconds) throws InterruptedException {
        return run(
                seconds,
                (pid, _, random) -> SchedCalls.setAffinity(pid, random.nextLong(1, Cpus.ALL + 1)));
    }

    /// Changes their nice values.
    long nice(double seconds) throws InterruptedException {
        return run(seconds, (pid, _, random) -> SchedCalls.setNice(pid, random.nextInt(-20, 20)));
    }

    /// Changes their classes.
    long classes(double seconds) throws InterruptedException {
        return run(seconds, Churn::changeClass);
    }

    private static int changeClass(long pid, boolean sleeper, ThreadLocalRandom random) {
        return sleeper && random.nextBoolean()
                ? SchedCalls.setPolicy(pid, SchedCalls.FIFO, 1)
                : SchedCalls.setPolicy(pid, CLASSES[random.nextInt(CLASSES.length)], 0);
    }

    private long run(double seconds, Change change) throws InterruptedException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long changes = 0;
        while (System.nanoTime() < end) {
            boolean sleeper = random.nextBoolean();
            List<Long> pids = sleeper ? sleepers : hogs;
            int errno = change.make(pids.get(random.nextInt(pids.size())), sleeper, random);
            if (errno != 0) {
                throw new AssertionError("a task could not be changed: errno " + errno);
            }
            changes++;
            Thread.sleep(0, random.nextInt(600_000));
        }
        return changes;
    }

    @FunctionalInterface
    private interface Change {
        /// @return 0, or the errno
        int make(long pid, boolean sleeper, ThreadLocalRandom random);
    }
}
