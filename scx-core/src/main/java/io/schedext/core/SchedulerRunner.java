// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import io.schedext.bpf.BpfException;
import io.schedext.core.internal.Libc;
import io.schedext.core.internal.LoopThread;
import io.schedext.core.internal.Rehearsal;
import io.schedext.core.internal.StatisticsThread;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a policy on this machine: loads, locks memory, starts the loop, attaches; detaches when
/// told to, when the kernel ends it or when the policy fails; starts over after CPU hotplug.
///
/// [#run()] and [#runAsMain(PrintStream)] belong to one thread and are called once;
/// [#swap(Supplier)], [#withdraw()] and [#stop()] may be called by any other.
public final class SchedulerRunner {

    private static final Logger LOG = LoggerFactory.getLogger(SchedulerRunner.class);
    private static final long REPORT_SECONDS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final SchedulerOptions options;
    private final Semaphore wake = new Semaphore(0);
    private final Object change = new Object();
    private Supplier<? extends Policy> policies; // guarded by change, as is the loop
    private RunLoop current;
    private volatile boolean stopped;
    private volatile boolean rehearsed;
    private Duration interval = Duration.ZERO;
    private Consumer<Statistics> listener = _ -> {};

    /// A runner that has not begun.
    ///
    /// @param options how to attach
    /// @param policies gives a new policy for each attach (after CPU hotplug the scheduler is
    ///   attached anew, and tasks the old policy held back are no longer its own), and before the
    ///   first one for the [rehearsal][BpfScheduler#rehearse(Policy)]; null for none, as after
    ///   [#withdraw()]
    public SchedulerRunner(SchedulerOptions options, Supplier<? extends Policy> policies) {
        this.options = options;
        this.policies = policies;
    }

    /// Reports what happened, again and again, from a thread that is not the loop.
    ///
    /// @param interval how often, above 0
    /// @param listener gets the difference to its last call; it may block
    /// @return this
    /// @throws IllegalArgumentException when the interval is not above 0
    public SchedulerRunner statistics(Duration interval, Consumer<Statistics> listener) {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException(
                    "statistics come at intervals above 0, not " + interval.toMillis() + " ms");
        }
        this.interval = interval;
        this.listener = listener;
        return this;
    }

    /// Runs until [#stop()], or until the kernel ends the scheduler for good.
    ///
    /// @return what the last attach came to
    /// @throws SchedulerException when it cannot start, or when the policy failed; the scheduler is
    ///   detached then
    public RunReport run() {
        BpfScheduler scheduler = BpfScheduler.init(options);
        try {
            while (true) {
                RunReport report = runOnce(scheduler);
                if (!report.exit().shouldRestart() || stopped) {
                    return report;
                }
                LOG.info("CPUs came or went ({}); attaching again", report.exit().message());
                BpfScheduler ended = scheduler;
                scheduler = ended.successor();
                ended.close();
                if (stopped) {
                    return report;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchedulerException(ExitStatus.FAILED, "Interrupted while running.", e);
        } finally {
            try {
                scheduler.close();
            } finally {
                Libc.unlockMemory();
            }
        }
    }

    private static void lockMemory() {
        Libc.refuseHugePages();
        int errno = Libc.lockMemory();
        if (errno != 0) {
            throw new SchedulerException(
                    ExitStatus.MEMORY_NOT_LOCKED,
                    "Memory cannot be locked (errno "
                            + errno
                            + "): run as root, or raise the limit with ulimit -l unlimited.");
        }
    }

    private RunReport runOnce(BpfScheduler scheduler) throws InterruptedException {
        // After init: who may not schedule at all is told that first, and the rings get locked.
        lockMemory();
        LoopThread loop =
                new LoopThread(() -> prepare(scheduler), newLoop(scheduler), wake::release);
        try (StatisticsThread _ =
                StatisticsThread.start(
                        () -> Statistics.of(scheduler.counters(), scheduler.loopHealth()),
                        interval,
                        listener)) {
            runAttached(scheduler, loop);
        }
        return RunReport.of(scheduler);
    }

    private RunLoop newLoop(KernelSide kernel) {
        synchronized (change) {
            current = new RunLoop(kernel, policies.get());
            return current;
        }
    }

    /// By the loop thread. After a restart there is nothing left to rehearse; without a policy
    /// there is nothing yet, and whoever brings one rehearses it.
    private void prepare(BpfScheduler scheduler) {
        scheduler.claimLoop();
        // Asked for when a signal ends the JVM: better now than then.
        System.getLogger("java.lang.Runtime").isLoggable(System.Logger.Level.DEBUG);
        Policy policy = rehearsed ? null : newPolicy();
        if (policy != null) {
            scheduler.rehearse(policy);
            rehearsed = true;
        }
    }

    private Policy newPolicy() {
        synchronized (change) {
            return policies.get();
        }
    }

    /// Puts another policy in the place of the one that schedules, without detaching. It is loaded
    /// and [rehearsed][BpfScheduler#rehearse(Policy)] by the calling thread first, so what it
    /// throws then leaves everything as it was. The loop changes between two cycles, and what the
    /// old policy held back is given to the new one first, in order of arrival.
    ///
    /// @param next gives a new policy each time: one to rehearse with, one that schedules, one more
    ///   whenever the scheduler is attached anew
    /// @return what came of it; not [done][HandOver#done()] when the scheduler ended meanwhile, and
    ///   when it has not begun
    /// @throws SchedulerException when the policy fails in the rehearsal
    /// @throws InterruptedException when interrupted while it waits for the loop; the change
    ///   happens all the same
    public HandOver swap(Supplier<? extends Policy> next) throws InterruptedException {
        try {
            Rehearsal.withoutKernel().run(next.get());
        } catch (RuntimeException | Error e) {
            throw new SchedulerException(
                    ExitStatus.POLICY_FAILED,
                    "The policy failed in its rehearsal with " + e + "; the old one stays.",
                    e);
        }
        return change(next, next.get());
    }

    /// Takes the policy away, without detaching: the kernel side schedules by itself, until
    /// [#swap(Supplier)] brings another one. It counts as a [Silence] of a blocked loop.
    ///
    /// @return what came of it, as for [#swap(Supplier)]
    /// @throws InterruptedException when interrupted while it waits for the loop; the change
    ///   happens all the same
    public HandOver withdraw() throws InterruptedException {
        return change(() -> null, null);
    }

    private synchronized HandOver change(Supplier<? extends Policy> next, Policy first)
            throws InterruptedException {
        RunLoop loop;
        HandOver handOver;
        synchronized (change) {
            policies = next;
            loop = current;
            if (loop == null) {
                return new HandOver(first); // it begins with that one
            }
            handOver = first == null ? loop.withdraw() : loop.swap(first);
        }
        // The loop does not wake anybody up: that would be a system call.
        while (!handOver.done() && !loop.over()) {
            Thread.sleep(1);
        }
        return handOver;
    }

    private void runAttached(BpfScheduler scheduler, LoopThread loop) throws InterruptedException {
        wake.drainPermits();
        try {
            loop.start();
            if (!stopped) {
                // the first line costs a logger some classes, which are better loaded now
                LOG.info("{} is ready", options.name());
                scheduler.attach();
                LOG.info("{} is attached", options.name());
                awaitEnd(scheduler);
            }
        } finally {
            scheduler.detach();
            loop.stop();
        }
    }

    /// Until told to stop, or until the loop has ended; one that a policy keeps from noticing the
    /// end of the scheduler is not waited for.
    private void awaitEnd(BpfScheduler scheduler) throws InterruptedException {
        while (!wake.tryAcquire(1, TimeUnit.SECONDS)) {
            if (scheduler.exited()) {
                return;
            }
        }
    }

    /// Ends [#run()]: it detaches and returns. Harmless when called twice or early.
    public void stop() {
        stopped = true;
        wake.release();
    }

    /// Does all that a scheduler's `main` has to: runs, detaches on SIGINT and SIGTERM, prints the
    /// report, tells people in one sentence what went wrong.
    ///
    /// When a signal ended it, the JVM does not return from here but ends with the status.
    ///
    /// @param out where the report goes
    /// @return what to pass to [System#exit(int)]
    public int runAsMain(PrintStream out) {
        CountDownLatch reported = new CountDownLatch(1);
        ExitStatus[] status = {ExitStatus.FAILED};
        Thread onSignal = new Thread(() -> endOnSignal(reported, status), "scx-signal");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            status[0] = runAndReport(out);
        } finally {
            reported.countDown();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            LOG.debug("A signal ends this process already", e);
        }
        return status[0].code();
    }

    private ExitStatus runAndReport(PrintStream out) {
        try {
            RunReport report = run();
            if (!report.exit().kind().isEviction()) {
                print(out, report + System.lineSeparator());
                return ExitStatus.OK;
            }
            print(out, report + System.lineSeparator() + report.exit().dump());
            LOG.error("The kernel ended this scheduler: {}", report.exit());
            return ExitStatus.EVICTED;
        } catch (SchedulerException e) {
            LOG.error(e.getMessage());
            if (e.status() == ExitStatus.POLICY_FAILED && e.getCause() != null) {
                LOG.error("Where the policy failed:", e.getCause());
            } else {
                LOG.debug("Details:", e);
            }
            if (e.getCause() instanceof BpfException refusal && !refusal.verifierLog().isEmpty()) {
                LOG.debug("What the verifier says:\n{}", refusal.verifierLog());
            }
            return e.status();
        } catch (RuntimeException | Error e) {
            LOG.error("Something unforeseen: {}. Details follow at debug level.", e.toString());
            LOG.debug("Details:", e);
            return ExitStatus.FAILED;
        }
    }

    /// A pipe that nobody reads any more must not keep the process: a thread that can be left
    /// behind writes to it.
    private static void print(PrintStream out, String text) {
        Thread printer =
                Thread.ofPlatform()
                        .name("scx-report")
                        .daemon()
                        .start(() -> {
                            out.print(text);
                            out.flush();
                        });
        try {
            if (!printer.join(PATIENCE)) {
                LOG.debug("Nobody reads the report");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Without the halt the JVM would end with 128 and the signal's number, as if it had been
    /// killed, and a service manager would call that a failure.
    private void endOnSignal(CountDownLatch reported, ExitStatus[] status) {
        stop();
        try {
            if (reported.await(REPORT_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(status[0].code());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
