// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.io.PrintStream;
import java.time.Duration;

/// The second time limit of a test, for one that JUnit's own cannot end (it only interrupts):
/// reports it as failed, tells what all threads do, and ends the JVM. The host starts another one
/// for the rest.
public final class Watchdog {
    /// Exit status of a JVM that was ended by its watchdog.
    public static final int EXIT_STATUS = 86;

    /// How much longer than its limit a test may take before the JVM is ended.
    public static final Duration GRACE = Duration.ofSeconds(20);

    private static final int LOG_LINES = 60;

    private final PrintStream out;
    private final KernelLog log;
    private String test;
    private long startNanos;
    private long deadlineNanos;

    /// @param log for its last lines
    public Watchdog(PrintStream out, KernelLog log) {
        this.out = out;
        this.log = log;
        Thread.ofPlatform().daemon().name("test-watchdog").start(this::run);
    }

    /// A test begins.
    synchronized void watch(String name, Duration limit) {
        test = name;
        startNanos = System.nanoTime();
        deadlineNanos = startNanos + limit.plus(GRACE).toNanos();
        notifyAll();
    }

    /// It ended.
    synchronized void rest() {
        test = null;
        notifyAll();
    }

    private synchronized void run() {
        try {
            while (true) {
                long left = deadlineNanos - System.nanoTime();
                if (test == null) {
                    wait();
                } else if (left > 0) {
                    wait(left / 1_000_000 + 1);
                } else {
                    bite();
                }
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but a JVM that ends.
        }
    }

    private void bite() {
        long millis = (System.nanoTime() - startNanos) / 1_000_000;
        out.println("the kernel's log ends with:");
        log.tail(LOG_LINES).forEach(out::println);
        String message =
                "ended by the watchdog after "
                        + millis
                        + " ms; threads:\n"
                        + StackTraces.allThreads();
        out.println(SuiteEvent.finished(test, Outcome.FAILED, millis, message).format());
        out.flush();
        Runtime.getRuntime().halt(EXIT_STATUS);
    }
}
