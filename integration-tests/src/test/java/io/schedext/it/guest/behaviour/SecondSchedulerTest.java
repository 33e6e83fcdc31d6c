// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedext.core.BpfScheduler;
import io.schedext.core.ExitStatus;
import io.schedext.core.SchedulerException;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedObserver;
import io.schedext.it.guest.support.SchedObserver.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// There is one scheduler at a time. The second is told so, and the first does not notice.
class SecondSchedulerTest {

    private static final Path SCHED_EXT = Path.of("/sys/kernel/sched_ext");

    private final SchedulerOptions first = Attach.partial().name("first").build();
    private final SchedulerOptions second = Attach.partial().name("second").build();
    private final Recorder policy = new Recorder((_, _) -> {});

    @Test
    @Timeout(60)
    void aSecondOneIsRefused() throws Exception {
        try (var late = BpfScheduler.init(second);
                var observer = new SchedObserver();
                var scheduler = new AttachedScheduler(first, policy);
                var load = new Load()) {
            load.sleeper(-1, Integer.MAX_VALUE, 0.005);
            assertRefused(() -> BpfScheduler.init(second))
                    .hasMessage("Another scheduler, first, is attached: stop it first.");
            // it was loaded when nobody was attached
            assertRefused(late::attach);

            assertThat(Files.readString(SCHED_EXT.resolve("state"))).isEqualTo("enabled\n");
            assertThat(Files.readString(SCHED_EXT.resolve("root/ops"))).isEqualTo("first\n");
            assertThat(scheduler.exited()).isFalse();
            int decisions = policy.count();
            observer.take();
            Await.until(10, "the first goes on", () -> policy.count() > decisions + 20);
            assertThat(observer.take()).anyMatch(e -> e.type() == Type.SWITCH_IN);
        }
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
            ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SchedulerException.class,
                        e -> assertThat(e.status()).isEqualTo(ExitStatus.OTHER_SCHEDULER));
    }
}
