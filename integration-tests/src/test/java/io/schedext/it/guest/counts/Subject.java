// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.schedext.core.QueuedTask;
import java.util.function.Predicate;
import org.junit.jupiter.api.TestReporter;

/// Compares a task's record with /proc while the policy holds the task: it is parked, so nothing of
/// what either says changes meanwhile.
final class Subject {

    /// Generations after which a sleeper is past its start.
    private static final int STARTED = 10;

    private final HoldingPolicy policy;
    private final long wakeup;
    private final TestReporter reporter;

    /// @param wakeup the kernel's SCX_ENQ_WAKEUP
    Subject(HoldingPolicy policy, long wakeup, TestReporter reporter) {
        this.policy = policy;
        this.wakeup = wakeup;
        this.reporter = reporter;
    }

    /// A process that sleeps and wakes up.
    void agrees(int pid, String name, int allowedCpus, int nice, long weight) throws Exception {
        // a new task is queued without the flag of a wake-up, and not yet called what it will be
        QueuedTask task =
                policy.hold(queued ->
                        queued.pid() == pid
                                && queued.generation() > STARTED
                                && (queued.flags() & wakeup) != 0);
        ProcTask proc = ProcTask.of(pid, pid);
        compare(task, proc);
        assertThat(task.comm()).as("name of %s", proc).isEqualTo(name);
        assertThat(task.nrCpusAllowed()).as("allowed CPUs of %s", proc).isEqualTo(allowedCpus);
        assertThat(proc.nice()).isEqualTo(nice);
        assertThat(task.weight()).as("weight of %s", proc).isEqualTo(weight);
        reporter.publishEntry(name, task + " " + proc);
        policy.release();
    }

    /// Any thread that is not its process's first.
    void agreesForAThread() throws Exception {
        QueuedTask task = policy.hold(queued -> queued.pid() != queued.tgid());
        ProcTask proc = ProcTask.of(task.tgid(), task.pid());
        compare(task, proc);
        assertThat(task.weight()).as("weight of %s", proc).isEqualTo(100);
        reporter.publishEntry("thread", task + " " + proc);
        policy.release();
    }

    private static void compare(QueuedTask task, ProcTask proc) {
        assertThat(task.pid()).isEqualTo(proc.pid());
        assertThat(task.tgid()).as("process of %s", proc).isEqualTo(proc.tgid());
        assertThat(task.comm()).as("name of %s", proc).isEqualTo(proc.comm());
        assertThat(proc.state()).as("state of a parked task").isEqualTo('R');
        assertThat(task.cpu()).as("CPU of %s", proc).isEqualTo(proc.cpu());
        assertThat(task.nrCpusAllowed())
                .as("allowed CPUs of %s", proc)
                .isEqualTo(proc.allowedCpus());
        assertThat(task.generation()).as("generation").isPositive();
    }

    /// A process that never sleeps: from one slice's end to another some time later, its run time
    /// grew as much in its record as in /proc.
    void runtimeGrowsAsInProc(int pid) throws Exception {
        Predicate<QueuedTask> sliceEnd =
                queued -> queued.pid() == pid && (queued.flags() & wakeup) == 0;
        QueuedTask task = policy.hold(sliceEnd);
        long record = task.execRuntime();
        long proc = ProcTask.of(pid, pid).runtimeNs();
        policy.release();
        Thread.sleep(500);
        task = policy.hold(sliceEnd);
        long recordGrowth = task.execRuntime() - record;
        long procGrowth = ProcTask.of(pid, pid).runtimeNs() - proc;
        policy.release();

        reporter.publishEntry(
                "run time, us",
                recordGrowth / 1_000 + " by records, " + procGrowth / 1_000 + " by /proc");
        assertThat(procGrowth).as("it ran").isGreaterThan(20_000_000);
        // /proc leaves out what interrupts took and takes in what the kernel does between two tasks
        assertThat(recordGrowth)
                .as("growth of the run time, by /proc %d ns", procGrowth)
                .isCloseTo(procGrowth, within(procGrowth / 10));
    }
}
