// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.RunLoop;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/// Lets a policy and the loop work on made-up tasks until the JVM has nothing left to load or to
/// compile for it. The rings of the loop are the real ones: the kernel side fills and empties them
/// on request.
public final class Rehearsal {

    private static final int TASKS = 512;

    /// As many as the JVM's last compiler wants to see before it takes a method on.
    private static final int LEAST_ROUNDS = 40;

    /// The compiler had nothing to do for so many rounds.
    private static final int QUIET_ROUNDS = 4;

    /// A machine may be slow; starting late is no fault, starting cold is none either.
    private static final long LONGEST = Duration.ofSeconds(5).toNanos();

    /// A policy that holds tasks back gets so many cycles to deal with them.
    private static final int CYCLES = 16;

    /// Most cycles of a loop find nothing to do.
    private static final int IDLE_CYCLES = 64;

    private final KernelSide kernel;
    private final IntConsumer queue;
    private final IntSupplier drain;
    private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();

    /// @param kernel what the policy is shown
    /// @param queue makes up so many tasks and queues those for which there is room
    /// @param drain takes decisions to nowhere; the number of them, 0 or less when none is left
    public Rehearsal(KernelSide kernel, IntConsumer queue, IntSupplier drain) {
        this.kernel = kernel;
        this.queue = queue;
        this.drain = drain;
    }

    /// One without a kernel, for a thread that is not the loop.
    public static Rehearsal withoutKernel() {
        SyntheticKernel kernel = new SyntheticKernel();
        return new Rehearsal(kernel, kernel::queue, kernel::drain);
    }

    /// Runs until all is quiet. What the policy throws comes through.
    public void run(Policy policy) {
        try {
            rounds(new RunLoop(kernel, policy));
            fillTheRingOfDecisions();
        } finally {
            leaveNothing();
        }
    }

    private void rounds(RunLoop loop) {
        long end = System.nanoTime() + LONGEST;
        long compiled = -1;
        int quiet = 0;
        for (int round = 0;
                (round < LEAST_ROUNDS || quiet < QUIET_ROUNDS) && System.nanoTime() - end < 0;
                round++) {
            round(loop);
            long now = compiler == null ? 0 : compiler.getTotalCompilationTime();
            quiet = now == compiled ? quiet + 1 : 0;
            compiled = now;
        }
    }

    private void round(RunLoop loop) {
        queue.accept(TASKS);
        for (int i = 0; i < CYCLES && kernel.counters().queued() > 0; i++) {
            loop.cycle();
        }
        drain.getAsInt();
        for (int i = 0; i < IDLE_CYCLES; i++) {
            loop.cycle();
        }
    }

    /// What is done when there is no room is done once too.
    private void fillTheRingOfDecisions() {
        DispatchedTask decision = new DispatchedTask();
        while (kernel.dispatchTask(decision)) {
            // until it is full
        }
    }

    private void leaveNothing() {
        while (kernel.dequeueTask() != null) {
            // what a policy that takes few at a time has left
        }
        while (drain.getAsInt() > 0) {
            // those of the last round, and those that filled the ring
        }
        kernel.notifyComplete(0);
    }
}
