// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.schedext.core.BpfScheduler;
import io.schedext.core.Counters;
import io.schedext.core.DispatchedTask;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.it.guest.counts.Ledgers;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Load;
import io.schedext.rlfifo.FifoPolicy;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The rings have one reader and one writer in this process. Any other thread that calls what is
/// the loop's is told so, and does nothing.
class WrongThreadTest {

    /// No policy holds back so many tasks.
    private static final long HELD_BACK = 4_711;

    @Test
    @Timeout(90)
    void whileTheLoopDecides(TestReporter reporter) throws Exception {
        AtomicReference<KernelSide> shown = new AtomicReference<>();
        Policy fifo = new FifoPolicy(20_000_000);
        Policy policy =
                kernel -> {
                    shown.set(kernel);
                    return fifo.schedule(kernel);
                };
        var options = Attach.partial().name("wrong_thread").build();
        try (var scheduler = new AttachedScheduler(options, policy);
                var load = new Load()) {
            Counters counters = scheduler.counters();
            load.sleeper(-1, Integer.MAX_VALUE, 0.005);
            load.sleeper(-1, Integer.MAX_VALUE, 0.005);
            awaitDecisions(counters);
            for (int i = 0; i < 1_000; i++) {
                assertRefused(shown.get(), AttachedScheduler.LOOP);
            }
            assertThat(counters.scheduled()).as("held back").isLessThan(HELD_BACK);
            awaitDecisions(counters);
            Ledgers.exactAfterDetach(scheduler, reporter);
            assertRefused(shown.get(), AttachedScheduler.LOOP);
        }
    }

    private static void awaitDecisions(Counters counters) throws InterruptedException {
        long before = counters.userDispatches();
        Await.until(20, "ten decisions", () -> counters.userDispatches() >= before + 10);
    }

    @Test
    @Timeout(60)
    void beforeAnythingIsAttached() throws Exception {
        try (var scheduler = BpfScheduler.init(Attach.whole().name("wrong_thread").build())) {
            assertRefused(scheduler, "claimLoop() first");
            assertRefusal(() -> scheduler.rehearse(_ -> 0), "claimLoop() first");

            Thread.ofPlatform().name("first").start(scheduler::claimLoop).join();
            assertRefused(scheduler, "first");
            assertRefusal(() -> scheduler.rehearse(_ -> 0), "first");
            assertThatIllegalStateException()
                    .isThrownBy(scheduler::claimLoop)
                    .withMessage("the loop is first already");
        }
    }

    private static void assertRefused(KernelSide kernel, String loop) {
        List<ThrowingCallable> calls =
                List.of(
                        kernel::dequeueTask,
                        () -> kernel.dispatchTask(new DispatchedTask()),
                        () -> kernel.selectCpu(1, 0, 0),
                        () -> kernel.notifyComplete(HELD_BACK));
        for (ThrowingCallable call : calls) {
            assertRefusal(call, loop);
        }
    }

    private static void assertRefusal(ThrowingCallable call, String loop) {
        assertThatIllegalStateException()
                .isThrownBy(call)
                .withMessage("only the loop thread may do this: " + loop);
    }
}
