// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.osgi.internal;

import io.schedext.core.ExitStatus;
import io.schedext.core.HandOver;
import io.schedext.core.Policy;
import io.schedext.core.RunReport;
import io.schedext.core.SchedulerException;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.SchedulerRunner;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the machine scheduled by the best policy there is: attaches when the first one comes,
/// swaps them, and leaves the machine to the kernel side while there is none. All of that is done
/// by one thread, for which whoever changes the policies waits: when a bundle has stopped, nothing
/// of it is in use any more.
final class Scheduling implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduling.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BundleContext context;
    private final SchedulerOptions options;
    private final Policies policies;
    private final ExecutorService executor;

    // of the executor's thread
    private SchedulerRunner runner;
    private Thread running;
    private PolicySource current;

    Scheduling(BundleContext context, SchedulerOptions options) {
        this.context = context;
        this.options = options;
        policies = new Policies(context, () -> await(this::settle));
        executor =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().name("scx-osgi").factory());
    }

    void open() {
        policies.open();
    }

    private void await(Runnable work) {
        Future<?> done = executor.submit(work);
        try {
            done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("The policy does not change within {} s", PATIENCE.toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.error("The policy does not change: {}", e.getCause().toString());
            LOG.debug("Details:", e.getCause());
        }
    }

    /// Lets the best policy schedule, or none if there is none.
    private void settle() {
        Optional<ServiceReference<Policy>> best = policies.best();
        if (best.equals(Optional.ofNullable(current).map(PolicySource::reference))) {
            return;
        }
        PolicySource next = best.map(found -> new PolicySource(context, found)).orElse(null);
        if (runner == null) {
            begin(next);
        } else if (next == null) {
            withdraw();
        } else {
            swap(next);
        }
    }

    private void begin(PolicySource next) {
        replaceCurrent(next);
        if (next == null) {
            return;
        }
        SchedulerRunner begun = new SchedulerRunner(options, next);
        runner = begun;
        running = Thread.ofPlatform().name("scx-osgi-runner").start(() -> run(begun));
    }

    private void withdraw() {
        try {
            runner.withdraw();
            LOG.info("No policy is left: the kernel side schedules by itself");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        replaceCurrent(null);
    }

    private void swap(PolicySource next) {
        try {
            HandOver handOver = runner.swap(next);
            LOG.info(
                    "{} schedules; {} tasks were handed over in {} us",
                    next,
                    handOver.tasks(),
                    handOver.lengthNs() / 1_000);
            replaceCurrent(next);
        } catch (SchedulerException e) {
            refuse(next, e);
            next.close();
            settle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void replaceCurrent(PolicySource next) {
        if (current != null) {
            current.close();
        }
        current = next;
    }

    private void refuse(PolicySource source, SchedulerException failure) {
        LOG.error("{} is not used any more: {}", source, failure.getMessage());
        LOG.debug("Details:", failure);
        policies.refuse(source.reference());
    }

    /// By the thread that attaches.
    private void run(SchedulerRunner begun) {
        SchedulerException failure = null;
        try {
            RunReport report = begun.run();
            if (report.exit().kind().isEviction()) {
                LOG.error("The kernel ended this scheduler: {}", report.exit());
            } else {
                LOG.info("Detached.\n{}", report);
            }
        } catch (SchedulerException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = new SchedulerException(ExitStatus.FAILED, "Something unforeseen: " + e, e);
        }
        SchedulerException reason = failure;
        if (!executor.isShutdown()) {
            executor.execute(() -> ended(reason));
        }
    }

    /// A policy that failed makes room for the next best one; whatever else it was will not get
    /// better by itself.
    private void ended(SchedulerException failure) {
        PolicySource last = current;
        runner = null;
        if (failure == null || last == null) {
            return;
        }
        if (failure.status() != ExitStatus.POLICY_FAILED) {
            LOG.error(failure.getMessage());
            LOG.debug("Details:", failure);
            return;
        }
        refuse(last, failure);
        replaceCurrent(null);
        settle();
    }

    @Override
    public void close() {
        policies.close();
        await(this::end);
        executor.shutdown();
    }

    private void end() {
        if (runner != null) {
            runner.stop();
            try {
                running.join(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        replaceCurrent(null);
    }
}
