// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.schedext.core.ExitStatus;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.RunLoop;
import io.schedext.core.SchedulerException;
import io.schedext.core.fake.FakeKernel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LoopThreadTest {

    private final FakeKernel kernel = new FakeKernel();
    private final AtomicReference<Thread> loop = new AtomicReference<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    private LoopThread thread(Policy policy) {
        return new LoopThread(
                () -> loop.set(Thread.currentThread()),
                new RunLoop(kernel, policy),
                ended::countDown);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private long count(KernelSide side) {
        calls.incrementAndGet();
        return 0;
    }

    @Test
    void pollsBeforeItsStarterGoesOnToAttach() throws InterruptedException {
        LoopThread thread = thread(this::count);
        thread.start();
        assertThat(calls.get()).isPositive();
        assertThat(loop.get()).isNotSameAs(Thread.currentThread());
        assertThat(loop.get().getName()).isEqualTo("scx-loop");
        assertThat(ended.getCount()).isEqualTo(1);
        thread.stop();
        assertThat(ended.getCount()).isZero();
        assertThat(loop.get().isAlive()).isFalse();
    }

    @Test
    void tellsWhenTheKernelEndedIt() throws InterruptedException {
        LoopThread thread =
                thread(side -> {
                    if (calls.incrementAndGet() == 5) {
                        kernel.end();
                    }
                    return 0;
                });
        thread.start();
        ended.await();
        thread.stop();
        assertThat(calls).hasValue(5);
    }

    @Test
    void keepsWhatThePolicyThrew() {
        ArithmeticException failure = new ArithmeticException("/ by zero");
        LoopThread thread =
                thread(side -> {
                    if (calls.incrementAndGet() == 2) {
                        throw failure;
                    }
                    return 0;
                });
        // It may fail before start() returns, or after.
        SchedulerException e =
                catchThrowableOfType(
                        SchedulerException.class,
                        () -> {
                            thread.start();
                            ended.await();
                            thread.stop();
                        });
        assertThat(e.status()).isEqualTo(ExitStatus.POLICY_FAILED);
        assertThat(e)
                .hasMessage("The policy failed with java.lang.ArithmeticException: / by zero.")
                .hasCause(failure);
    }

    @Test
    void anErrorIsAFailureOfThePolicyToo() {
        LoopThread thread =
                thread(side -> {
                    throw new StackOverflowError();
                });
        assertThatThrownBy(
                        () -> {
                            thread.start();
                            thread.stop();
                        })
                .hasMessage("The policy failed with java.lang.StackOverflowError.");
    }

    @Test
    void aLoopThatMayNotBeOneDoesNotPoll() throws InterruptedException {
        SchedulerException refusal = new SchedulerException(ExitStatus.FAILED, "No.");
        LoopThread thread =
                new LoopThread(
                        () -> {
                            throw refusal;
                        },
                        new RunLoop(kernel, this::count),
                        ended::countDown);
        assertThatThrownBy(thread::start).isSameAs(refusal);
        ended.await();
        assertThat(calls).hasValue(0);
    }

    @Test
    void aPolicyThatDoesNotReturnIsLeftBehind() throws InterruptedException {
        CountDownLatch endless = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        LoopThread thread =
                thread(side -> {
                    if (calls.incrementAndGet() > 1) {
                        entered.countDown();
                        awaitUninterruptibly(endless);
                    }
                    return 0;
                });
        thread.start();
        entered.await();
        SchedulerException e = catchThrowableOfType(SchedulerException.class, thread::stop);
        assertThat(e.status()).isEqualTo(ExitStatus.POLICY_FAILED);
        assertThat(e)
                .hasMessage("The policy did not return within 5 s; its thread is left behind.");
        assertThat(loop.get().isDaemon()).as("it must not keep the JVM").isTrue();
        endless.countDown();
        ended.await();
    }

    @Test
    void aLoopThatNeverStartedIsStoppedAtOnce() throws InterruptedException {
        thread(this::count).stop();
        assertThat(calls).hasValue(0);
    }
}
