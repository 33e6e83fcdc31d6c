// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.it.guest.support.Await;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A policy that does what the test's own thread tells it to, while it runs: the next so many tasks
/// are decided as the test says, and calls are made by the loop thread for the test.
final class Scripted implements Policy {

    /// Decides one task; dispatches as often as it likes.
    @FunctionalInterface
    interface Step {
        void decide(KernelSide kernel, QueuedTask task, DispatchedTask decision);
    }

    private volatile Step usual;
    private final DispatchedTask decision = new DispatchedTask();
    private final Queue<Step> odd = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
    private volatile int pid;
    private volatile boolean awake;
    private KernelSide kernel;

    /// @param usual decides every task that nothing else was said about
    Scripted(Step usual) {
        this.usual = usual;
    }

    @Override
    public long schedule(KernelSide side) {
        kernel = side;
        Runnable call;
        while ((call = calls.poll()) != null) {
            call.run();
        }
        QueuedTask task;
        while ((task = side.dequeueTask()) != null) {
            Step step = pid == 0 || pid == task.pid() ? odd.poll() : null;
            (step == null ? usual : step).decide(side, task, decision.of(task));
        }
        return awake ? 1 : 0;
    }

    /// The next decisions about this task are other than usual. Waits until they are made.
    void decide(long task, int times, Step step) throws InterruptedException {
        pid = (int) task;
        for (int i = 0; i < times; i++) {
            odd.add(step);
        }
        Await.until(20, times + " decisions", odd::isEmpty);
    }

    /// From now on, every task that nothing else is said about.
    void usually(Step step) {
        usual = step;
    }

    /// Keeps the loop going, so that calls are made at once.
    void stayAwake(boolean on) {
        awake = on;
    }

    /// Makes a call on the loop thread.
    <T> T call(KernelCall<T> call) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        calls.add(() -> complete(result, () -> call.on(kernel)));
        try {
            return result.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("a call by the loop failed", e);
        }
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> call) {
        try {
            result.complete(call.call());
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    /// What the loop thread is to do.
    @FunctionalInterface
    interface KernelCall<T> {
        T on(KernelSide kernel) throws Exception;
    }
}
