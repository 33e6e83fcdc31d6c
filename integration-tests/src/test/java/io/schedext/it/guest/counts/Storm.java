// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// A load that does to its tasks whatever can be done to a task: processes that are born and die,
/// hogs and sleepers whose CPUs, nice values and classes another thread changes all the time,
/// whether they run, wait or sleep.
public final class Storm implements AutoCloseable {

    /// Four at a time, for a birth and a death each take several decisions, and those are late
    /// here; with a pause, for an emulated machine has others to serve too.
    private static final String FORK_FOREVER =
            """
            while (1) {
                for (1..4) { my $p = fork; exit 0 if defined $p && !$p }
                1 while wait > 0;
                select undef,undef,undef,0.01;
            }
            """;

    /// Hogs that give their CPU away often wait often.
    private static final String HOG = "while (1) { 1 for 1..20000; select undef,undef,undef,0 }";

    private final Load load = new Load();
    private final List<Long> hogs = new ArrayList<>();
    private final List<Long> sleepers = new ArrayList<>();
    private final List<Long> forkers = new ArrayList<>();
    private final boolean partial;
    private final int cpus;
    private final long bornBefore;
    private final Thread churn;
    private volatile boolean stopped;
    private volatile Throwable failure;
    private volatile long changes;

    /// @param partial whether only tasks of the class SCHED_EXT are scheduled by the scheduler
    /// @param cpus how many CPUs are on line
    public Storm(boolean partial, int cpus) throws IOException {
        this.partial = partial;
        this.cpus = cpus;
        for (int i = 0; i < 3; i++) {
            hogs.add(load.start("perl", "-e", HOG).pid());
        }
        for (int i = 0; i < 6; i++) {
            sleepers.add(load.sleeper(-1, Integer.MAX_VALUE, 0.001).pid());
        }
        for (int i = 0; i < 2; i++) {
            forkers.add(load.start("perl", "-e", FORK_FOREVER).pid());
        }
        bornBefore = born();
        churn = Thread.ofPlatform().name("churn").start(this::churn);
    }

    private void churn() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        try {
            while (!stopped) {
                change(random);
                changes++;
                Thread.sleep(0, random.nextInt(600_000));
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            failure = e;
        }
    }

    private void change(ThreadLocalRandom random) throws InterruptedException {
        switch (random.nextInt(3)) {
            case 0 ->
                    check(
                            SchedCalls.setAffinity(
                                    any(random), 1 + random.nextLong((1L << cpus) - 1)));
            case 1 -> check(SchedCalls.setNice(any(random), random.nextInt(-5, 6)));
            default -> changeClass(random);
        }
    }

    /// A hog never becomes a real-time task: nobody would get its CPU back.
    private void changeClass(ThreadLocalRandom random) throws InterruptedException {
        boolean hog = partial && random.nextInt(3) == 0;
        long pid = hog ? pick(hogs, random) : pick(sleepers, random);
        boolean realTime = !hog && (!partial || random.nextBoolean());
        check(
                realTime
                        ? SchedCalls.setPolicy(pid, SchedCalls.FIFO, 1)
                        : SchedCalls.setPolicy(pid, SchedCalls.OTHER, 0));
        if (random.nextBoolean()) {
            Thread.sleep(0, random.nextInt(1_000_000));
        }
        check(SchedCalls.setPolicy(pid, SchedCalls.EXT, 0));
    }

    private long any(ThreadLocalRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> pick(hogs, random);
            case 1 -> pick(sleepers, random);
            default -> pick(forkers, random);
        };
    }

    private static long pick(List<Long> pids, ThreadLocalRandom random) {
        return pids.get(random.nextInt(pids.size()));
    }

    private static void check(int errno) {
        if (errno != 0) {
            throw new AssertionError("a task of the load could not be changed: errno " + errno);
        }
    }

    /// Ends the changes, leaves the load.
    ///
    /// @throws AssertionError when a change failed
    public void calm() throws InterruptedException {
        stopped = true;
        churn.join();
        if (failure != null) {
            throw new AssertionError("the churn failed", failure);
        }
    }

    /// Changes of a task's CPUs, nice value or class.
    long changes() {
        return changes;
    }

    /// Tasks born in the whole guest since the storm began.
    long births() throws IOException {
        return born() - bornBefore;
    }

    private static long born() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
            if (line.startsWith("processes ")) {
                return Long.parseLong(line.substring("processes ".length()));
            }
        }
        throw new AssertionError("/proc/stat does not count processes");
    }

    @Override
    public void close() {
        stopped = true;
        boolean interrupted = false;
        while (churn.isAlive()) {
            try {
                churn.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        load.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
