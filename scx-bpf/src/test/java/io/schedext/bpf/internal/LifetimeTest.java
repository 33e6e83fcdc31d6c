// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LifetimeTest {
    private final Lifetime lifetime = new Lifetime("BPF object test");

    @Test
    void onlyTheFirstCloseCounts() {
        assertThat(lifetime.beginClose()).isTrue();
        assertThat(lifetime.beginClose()).isFalse();
    }

    @Test
    void nothingBeginsAfterClose() {
        lifetime.beginClose();
        assertThatIllegalStateException()
                .isThrownBy(lifetime::enter)
                .withMessage("BPF object test is closed");
        assertThatIllegalStateException().isThrownBy(lifetime::checkOpen);
        lifetime.awaitUses();
    }

    @Test
    void waitsForAUseUnderWay() throws Exception {
        lifetime.enter();
        try (ExecutorService closer = Executors.newSingleThreadExecutor()) {
            CountDownLatch begun = new CountDownLatch(1);
            Future<?> closing =
                    closer.submit(() -> {
                        lifetime.beginClose();
                        begun.countDown();
                        lifetime.awaitUses();
                    });
            begun.await();
            Thread.sleep(20);
            assertThat(closing.isDone()).isFalse();
            lifetime.exit();
            closing.get();
        }
    }

    @Test
    void noUseIsUnderWayOnceClosed() throws Exception {
        for (int round = 0; round < 200; round++) {
            race(new Lifetime("raced"));
        }
    }

    private static void race(Lifetime raced) throws Exception {
        AtomicInteger inUse = new AtomicInteger();
        AtomicInteger closers = new AtomicInteger();
        AtomicBoolean freed = new AtomicBoolean();
        AtomicBoolean usedAfterFree = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                while (use(raced, inUse)) {
                                    usedAfterFree.compareAndSet(
                                            false, freed.get() && inUse.get() > 0);
                                }
                            }));
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                if (raced.beginClose()) {
                                    raced.awaitUses();
                                    closers.incrementAndGet();
                                    usedAfterFree.compareAndSet(false, inUse.get() != 0);
                                    freed.set(true);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(closers).hasValue(1);
        assertThat(usedAfterFree).isFalse();
    }

    private static boolean use(Lifetime raced, AtomicInteger inUse) {
        try {
            raced.enter();
        } catch (IllegalStateException _) {
            return false;
        }
        inUse.incrementAndGet();
        Thread.onSpinWait();
        inUse.decrementAndGet();
        raced.exit();
        return true;
    }
}
