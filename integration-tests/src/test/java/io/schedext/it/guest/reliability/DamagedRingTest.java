// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.schedext.core.Counters;
import io.schedext.core.DecisionLedger;
import io.schedext.core.DispatchedTask;
import io.schedext.core.ExitKind;
import io.schedext.core.ExitStatus;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.SchedulerException;
import io.schedext.core.internal.Layout;
import io.schedext.it.guest.counts.Ledgers;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.DecisionMemory;
import io.schedext.it.guest.support.Load;
import io.schedext.rlfifo.FifoPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The ring of decisions with anything in it: first as decisions that make no sense, then written
/// over past all that guards it.
class DamagedRingTest {

    private static final long SEED = 41;

    /// A decision and its header.
    private static final long SPAN = Layout.Dispatched.BYTES + Long.BYTES;

    /// BPF_RINGBUF_BUSY_BIT of linux/bpf.h.
    private static final int BUSY_BIT = 1 << 31;

    @Test
    @Timeout(120)
    void randomDecisionsAreCountedForWhatTheyAre(TestReporter reporter) throws Exception {
        Nonsense policy = new Nonsense();
        var options = Attach.partial().name("nonsense").build();
        try (var scheduler = new AttachedScheduler(options, policy);
                var load = new Load()) {
            Counters counters = scheduler.counters();
            for (int i = 0; i < 2 * Cpus.COUNT; i++) {
                load.sleeper(-1, Integer.MAX_VALUE, 0.01);
            }
            Await.until(60, "all of them looked at", () -> policy.isDone(counters.decisions()));
            long decided = counters.userDispatches();
            Await.until(20, "decisions with a sense", () -> counters.userDispatches() > decided);

            DecisionLedger decisions = Ledgers.exactAfterDetach(scheduler, reporter).decisions();
            assertThat(decisions.refused()).as("refused").isGreaterThan(Nonsense.DECISIONS / 4);
            assertThat(decisions.gone()).as("gone").isGreaterThan(Nonsense.DECISIONS / 10);
            assertThat(decisions.stale()).as("stale").isPositive();
            assertThat(decisions.bounced()).as("bounced").isPositive();
        }
    }

    /// Decides at random, ten thousand times: for tasks there are and for others, right generations
    /// and wrong ones. Then as one should.
    private static final class Nonsense implements Policy {

        static final int DECISIONS = 10_000;

        /// With each task: decisions for tasks there are need tasks.
        private static final int AT_A_TIME = 20;

        private final RandomGenerator random = new SplittableRandom(SEED);
        private final DispatchedTask decision = new DispatchedTask();
        private volatile int sent;

        boolean isDone(DecisionLedger decisions) {
            return sent == DECISIONS && decisions.drained() >= DECISIONS;
        }

        @Override
        public long schedule(KernelSide kernel) {
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                if (sent == DECISIONS) {
                    kernel.dispatchTask(decision.of(task));
                    continue;
                }
                send(kernel, random().pid(task.pid()).generation(task.generation()));
                send(kernel, random().pid(task.pid()));
                for (int i = 0; i < AT_A_TIME && send(kernel, random()); i++) {
                    // until there is no room, or all are sent
                }
            }
            return 0;
        }

        private boolean send(KernelSide kernel, DispatchedTask nonsense) {
            if (sent == DECISIONS || !kernel.dispatchTask(nonsense)) {
                return false;
            }
            sent++;
            return true;
        }

        private DispatchedTask random() {
            return decision.pid(random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt())
                    .cpu(random.nextInt())
                    .flags(random.nextLong())
                    .sliceNs(random.nextLong())
                    .vtime(random.nextLong())
                    .generation(random.nextLong());
        }
    }

    /// What a stray write does to the ring, in whose end some decisions wait that nobody has read.
    enum Damage {
        LENGTHS {
            @Override
            void to(DecisionMemory ring, RandomGenerator random) {
                randomLengths(ring, random);
            }
        },
        /// As if they were still being written, for ever.
        BUSY {
            @Override
            void to(DecisionMemory ring, RandomGenerator random) {
                for (int i = 1; i <= Vandal.BAIT; i++) {
                    ring.header(
                            ring.produced() - i * SPAN, (int) Layout.Dispatched.BYTES | BUSY_BIT);
                }
            }
        },
        POSITION_BETWEEN_RECORDS {
            @Override
            void to(DecisionMemory ring, RandomGenerator random) {
                ring.produced(ring.produced() + random.nextInt(1, 8));
            }
        },
        /// By itself that is not damage which the kernel would see: it reads on what was there.
        LENGTHS_AND_POSITION_FAR_AHEAD {
            @Override
            void to(DecisionMemory ring, RandomGenerator random) {
                randomLengths(ring, random);
                ring.produced(ring.produced() + 8 * random.nextLong(1L << 32, 1L << 48));
            }
        };

        /// Those of the decisions that wait. Nearly every random number is longer than the ring.
        private static void randomLengths(DecisionMemory ring, RandomGenerator random) {
            for (int i = 1; i <= Vandal.BAIT; i++) {
                ring.header(ring.produced() - i * SPAN, random.nextInt());
            }
        }

        abstract void to(DecisionMemory ring, RandomGenerator random);
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    void theKernelSideGoesOnWithoutTheRing(Damage damage, TestReporter reporter) throws Exception {
        Vandal policy = new Vandal(damage);
        var scheduler = new AttachedScheduler(Attach.whole().name("vandal").build(), policy);
        Counters counters = scheduler.counters();
        Throwable end;
        try (var load = new Load();
                var ring = DecisionMemory.open()) {
            List<Process> sleepers = new ArrayList<>();
            for (int i = 0; i < 2 * Cpus.COUNT; i++) {
                sleepers.add(load.sleeper(-1, 300, 0.01));
            }
            Await.until(20, "the policy decides", () -> counters.userDispatches() > 100);

            policy.damage(ring);
            Await.until(20, "a drain is refused", () -> counters.drainErrors() > 0);
            Await.until(20, "the kernel side is alone", () -> counters.silence().damaged() > 0);
            assertThat(sleepers).as("the load that is to go on").anyMatch(Process::isAlive);
            long errors = counters.drainErrors();

            assertThat(load.await(60)).as("the load has ended by itself").isTrue();
            assertThat(sleepers).extracting(Process::exitValue).containsOnly(0);
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
            assertThat(counters.drainErrors()).as("drains refused later").isGreaterThan(errors);
            assertThat(counters.silentDispatches()).as("without the loop").isPositive();
            scheduler.detach();
            reporter.publishEntry("tasks, " + damage, counters.tasks().toString());
            reporter.publishEntry("silence, " + damage, counters.silence().toString());
            reporter.publishEntry("drains refused, " + damage, counters.drainErrors() + "");
            assertThat(counters.tasks().held()).as("held, %s", counters.tasks()).isZero();
            assertThat(counters.silence().damaged()).as("damaged").isEqualTo(1);
        } finally {
            end = catchThrowable(scheduler::close);
        }
        assertThat(end).as("what ended the loop").hasCauseInstanceOf(SchedulerException.class);
        assertThat(((SchedulerException) end.getCause()).status())
                .isEqualTo(ExitStatus.RING_DAMAGED);
        assertThat(scheduler.exitInfo().kind()).isEqualTo(ExitKind.UNREGISTERED);
    }

    /// First in, first out, until it is told to damage the ring; then again and again, for the
    /// kernel may read what waits there in the moment before.
    private static final class Vandal implements Policy {

        /// More than are taken from the ring at a time.
        static final int BAIT = 100;

        /// Less than the CPU time after which the loop would have stalled.
        private static final long PATIENCE = Duration.ofMillis(500).toNanos();

        private final Policy fifo = new FifoPolicy(20_000_000);
        private final RandomGenerator random = new SplittableRandom(SEED);
        private final DispatchedTask nobody = new DispatchedTask();
        private final Damage damage;
        private volatile DecisionMemory ring;

        Vandal(Damage damage) {
            this.damage = damage;
        }

        void damage(DecisionMemory ring) {
            this.ring = ring;
        }

        @Override
        public long schedule(KernelSide kernel) {
            long pending = fifo.schedule(kernel);
            if (ring == null) {
                return pending;
            }
            for (int i = 0; i < BAIT; i++) {
                kernel.dispatchTask(nobody);
            }
            damage.to(ring, random);
            awaitNotice(kernel.counters());
            return 1;
        }

        /// As soon as the loop looks, it ends, and a thread that has ended is blocked: another
        /// cause of silence, which might be seen first.
        private static void awaitNotice(Counters counters) {
            long start = System.nanoTime();
            while (counters.silence().damaged() == 0 && System.nanoTime() - start < PATIENCE) {
                Thread.onSpinWait();
            }
        }
    }
}
