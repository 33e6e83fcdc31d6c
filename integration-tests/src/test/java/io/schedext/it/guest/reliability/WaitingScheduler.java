// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import io.schedext.core.BpfScheduler;
import io.schedext.core.RunLoop;
import io.schedext.core.SchedulerOptions;
import io.schedext.rlfifo.FifoPolicy;
import java.util.concurrent.CountDownLatch;

/// A scheduler that is started early: it has loaded everything, its BPF program too, and waits for
/// a byte on its standard input to attach. It says `ready` when it waits, and never ends by itself.
final class WaitingScheduler {

    private WaitingScheduler() {}

    public static void main(String[] args) throws Exception {
        FifoPolicy policy = new FifoPolicy(20_000_000);
        SchedulerOptions options =
                SchedulerOptions.builder().name("waiting").builtinIdle(false).build();
        BpfScheduler scheduler = BpfScheduler.init(options);
        System.out.println("ready");
        if (System.in.read() < 0) {
            return;
        }
        CountDownLatch polling = new CountDownLatch(1);
        Thread.ofPlatform()
                .name("loop")
                .start(() -> {
                    scheduler.claimLoop();
                    polling.countDown();
                    new RunLoop(scheduler, policy).run();
                });
        polling.await();
        scheduler.attach();
    }
}
