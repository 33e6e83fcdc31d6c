// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import io.schedext.bpf.BpfException;
import io.schedext.bpf.Btf;
import io.schedext.bpf.Libbpf;
import io.schedext.core.internal.KernelProgram;
import io.schedext.core.internal.Libc;
import io.schedext.core.internal.LoopProbe;
import io.schedext.core.internal.LoopThread;
import io.schedext.core.internal.OwnClasses;
import io.schedext.core.internal.Preflight;
import io.schedext.core.internal.Rehearsal;
import io.schedext.core.internal.StatisticsThread;
import io.schedext.core.internal.SyntheticKernel;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A run that a JVM learns from: all that a start, the loop and the end do, on rings without a
/// kernel. With `-XX:AOTCacheOutput=FILE` it leaves a file of classes as they were loaded and of
/// what the loop was seen to do, which makes the starts after it shorter (`-XX:AOTCache=FILE`).
///
/// Nothing of the machine is looked at or changed: no privilege is needed, and no `sched_ext`. What
/// is needed is libbpf.
public final class TrainingRun {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);
    private static final long CYCLES = 20_000;
    private static final Duration INTERVAL = Duration.ofMillis(5);

    private final SchedulerOptions options;
    private final Supplier<? extends Policy> policies;

    /// One that has not begun.
    ///
    /// @param options as the scheduler would be attached with
    /// @param policies as [SchedulerRunner#SchedulerRunner(SchedulerOptions, Supplier)] takes them
    public TrainingRun(SchedulerOptions options, Supplier<? extends Policy> policies) {
        this.options = options;
        this.policies = policies;
    }

    /// Runs: some seconds. What the policy throws comes through.
    ///
    /// @param out where statistics and a report go
    /// @throws SchedulerException when there is no libbpf
    public void run(PrintStream out) {
        OwnClasses.load();
        lookAround();
        try {
            openTheProgram();
            runUnattached(new SyntheticKernel(), out);
        } catch (BpfException e) {
            throw SchedulerException.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchedulerException(ExitStatus.FAILED, "Interrupted while training.", e);
        } finally {
            Libc.unlockMemory();
        }
    }

    /// Whatever that comes to: a machine that makes images need not be able to run them.
    private static void lookAround() {
        try {
            new Preflight(Path.of("/")).check();
        } catch (SchedulerException e) {
            LOG.debug("Not needed for training: {}", e.getMessage());
        }
    }

    private void openTheProgram() {
        byte[] elf = KernelProgram.bytes();
        Btf.ofElf(elf).struct("sched_ext_ops");
        Libbpf.load(options.libbpf()).open(options.name(), elf).close();
    }

    private void runUnattached(SyntheticKernel kernel, PrintStream out)
            throws InterruptedException {
        LoopProbe[] probe = new LoopProbe[1];
        CountDownLatch ended = new CountDownLatch(1);
        LoopThread loop =
                new LoopThread(
                        () -> {
                            probe[0] = new LoopProbe();
                            System.getLogger("java.lang.Runtime")
                                    .isLoggable(System.Logger.Level.DEBUG);
                            new Rehearsal(kernel, kernel::queue, kernel::drain).run(policies.get());
                            kernel.endAfter(CYCLES);
                        },
                        new RunLoop(kernel, policies.get()),
                        ended::countDown);
        Libc.refuseHugePages();
        Libc.lockMemory();
        loop.start();
        boolean realTime = Libc.becomeRealTime();
        if (realTime) {
            Libc.becomeOrdinary();
        }
        LOG.info("{} is in training", options.name());
        Supplier<Statistics> source = () -> Statistics.of(kernel.counters(), probe[0].read(0));
        try (StatisticsThread _ = StatisticsThread.start(source, INTERVAL, out::println)) {
            ended.await();
        }
        loop.stop();
        out.println(report(kernel.counters(), source.get()));
    }

    private static RunReport report(Counters counters, Statistics statistics) {
        return new RunReport(
                new ExitInfo(ExitKind.UNREGISTERED, 0, "end of the training", "", "", false),
                statistics,
                counters.tasks(),
                counters.decisions(),
                counters.latency(),
                counters.silence());
    }
}
