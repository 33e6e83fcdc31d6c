// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.Btf;
import io.schedext.core.internal.CStruct;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Each number against memory filled in as the BPF program has it: every counter of every CPU is a
/// power of two of its own, so a sum shows what it was made of.
class CountersTest {

    private static final int CPUS = 2;

    private final CStruct cpu = CStruct.of("cpu_state");
    private final CStruct perCpu = CStruct.of("cpu_counters");
    private final CStruct schedulerState = CStruct.of("scheduler_state");
    private final MemorySegment cpus = cpu.allocate(CPUS);
    private final MemorySegment state = schedulerState.allocate(1);
    private long queued = 5;
    private final Counters counters = new Counters(cpus, state, () -> queued);

    /// What each counter adds up to over the CPUs.
    private final Map<String, Long> sums = new TreeMap<>();

    @BeforeEach
    void fill() {
        assertThat(cpu.member("counters").offset()).isZero();
        int bit = 0;
        for (Btf.Member counter : perCpu.members()) {
            long sum = 0;
            for (int i = 0; i < CPUS; i++) {
                long value = 1L << bit++;
                perCpu.set(cpus, i * cpu.size(), counter.name(), value);
                sum += value;
            }
            sums.put(counter.name(), sum);
        }
        cpu.set(cpus, cpu.size(), "running", 1);
        schedulerState.set(state, 0, "online_cpus", 4);
        schedulerState.set(state, 0, "pending", 6);
        schedulerState.set(state, 0, "submitted", 1L << 50);
    }

    private long sum(String... names) {
        long sum = 0;
        for (String name : names) {
            sum += sums.get(name);
        }
        return sum;
    }

    @TestFactory
    Stream<DynamicTest> aNumberIsTheSumOverTheCpus() {
        Map<String, ToLongFunction<Counters>> numbers =
                Map.ofEntries(
                        Map.entry("closed_user", Counters::userDispatches),
                        Map.entry("stale", Counters::cancelledDispatches),
                        Map.entry("closed_bounced", Counters::bouncedDispatches),
                        Map.entry("congested", Counters::congestionEvents),
                        Map.entry("direct", Counters::directDispatches),
                        Map.entry("own", Counters::ownDispatches),
                        Map.entry("kthread", Counters::kthreadDispatches),
                        Map.entry("no_storage", Counters::tasksWithoutStorage),
                        Map.entry("move_retries", Counters::moveRetries),
                        Map.entry("rescued", Counters::rescuedTasks),
                        Map.entry("loop_preempts", Counters::loopPreemptions),
                        Map.entry("drain_errors", Counters::drainErrors));
        return numbers.entrySet().stream()
                .map(number ->
                        DynamicTest.dynamicTest(
                                number.getKey(),
                                () ->
                                        assertThat(number.getValue().applyAsLong(counters))
                                                .isEqualTo(sum(number.getKey()))));
    }

    @Test
    void kernelDispatchesAreAllThatUserSpaceDidNotDecide() {
        assertThat(counters.kernelDispatches())
                .isEqualTo(
                        sum(
                                "direct",
                                "own",
                                "kthread",
                                "congested",
                                "no_storage",
                                "not_ready",
                                "silence",
                                "closed_silence",
                                "closed_overdue"));
    }

    @Test
    void failedDispatchesAreRefusedDecisionsAndUnreadableRings() {
        assertThat(counters.failedDispatches()).isEqualTo(sum("refused", "drain_errors"));
    }

    @Test
    void gaugesAreAsTheKernelHasThemNow() {
        assertThat(counters.onlineCpus()).isEqualTo(4);
        assertThat(counters.scheduled()).isEqualTo(6);
        assertThat(counters.queued()).isEqualTo(5);
        assertThat(counters.running()).isEqualTo(1);
        cpu.set(cpus, 0, "running", 1);
        queued = 9;
        assertThat(counters.running()).isEqualTo(2);
        assertThat(counters.queued()).isEqualTo(9);
    }

    @Test
    void theLedgerOfTasksHoldsWhatIsNotClosed() {
        TaskLedger tasks = counters.tasks();
        assertThat(tasks)
                .isEqualTo(
                        new TaskLedger(
                                sum("opened"),
                                sum("closed_user"),
                                sum("closed_bounced"),
                                sum("closed_silence"),
                                sum("closed_overdue"),
                                sum("closed_kernel"),
                                sum("closed_requeued"),
                                sum("closed_left")));
        assertThat(new TaskLedger(200, 1, 2, 4, 8, 16, 32, 64).held()).isEqualTo(73);
    }

    @Test
    void theLedgerOfDecisionsKnowsTheRing() {
        DecisionLedger decisions = counters.decisions();
        assertThat(decisions)
                .isEqualTo(
                        new DecisionLedger(
                                1L << 50,
                                sum("drained"),
                                sum("closed_user"),
                                sum("closed_bounced"),
                                sum("stale"),
                                sum("gone"),
                                sum("refused")));
        assertThat(decisions.inRing()).isEqualTo((1L << 50) - sum("drained"));
        assertThat(new DecisionLedger(200, 100, 1, 2, 4, 8, 16).unaccounted()).isEqualTo(69);
        assertThat(new DecisionLedger(200, 100, 1, 2, 4, 8, 16).inRing()).isEqualTo(100);
    }

    @Test
    void latenciesComeFromTheSchedulersState() {
        long latency = schedulerState.member("latency").offset();
        state.set(ValueLayout.JAVA_LONG, latency + 3 * Long.BYTES, 7);
        state.set(ValueLayout.JAVA_LONG, latency + 255 * Long.BYTES, 1);
        assertThat(counters.latency().count()).isEqualTo(8);
        assertThat(counters.latency().percentile(0.5)).isEqualTo(3);
    }

    @Test
    void silencesAreToldByCause() {
        long entries = schedulerState.member("silent_entries").offset();
        long[] causes = {
            CStruct.constant("silence", "SILENT_BLOCKED"),
            CStruct.constant("silence", "SILENT_STALLED"),
            CStruct.constant("silence", "SILENT_STARVED"),
            CStruct.constant("silence", "SILENT_DAMAGED")
        };
        for (int i = 0; i < causes.length; i++) {
            state.set(ValueLayout.JAVA_LONG, entries + causes[i] * Long.BYTES, 1L << i);
        }
        state.set(ValueLayout.JAVA_LONG, schedulerState.member("silent_exits").offset(), 14);
        state.set(ValueLayout.JAVA_LONG, schedulerState.member("silent_ns").offset(), 99);
        assertThat(counters.silence()).isEqualTo(new Silence(1, 2, 4, 8, 14, 99));
        assertThat(counters.silence().entries()).isEqualTo(15);
        assertThat(counters.silentDispatches()).isEqualTo(sum("silence", "closed_silence"));
    }

    @Test
    void theLoopsPausesAreTold() {
        state.set(
                ValueLayout.JAVA_LONG, schedulerState.member("loop_longest_pause").offset(), 1234);
        assertThat(counters.longestPauseNs()).isEqualTo(1234);
    }

    @Test
    void aFrozenCopyOutlivesTheMemory() {
        Statistics before = Statistics.of(counters, LoopHealth.NONE);
        TaskLedger tasks = counters.tasks();
        Counters frozen = counters.frozen();
        cpus.fill((byte) 0x55);
        state.fill((byte) 0x55);
        queued = 1000;
        assertThat(Statistics.of(frozen, LoopHealth.NONE)).isEqualTo(before);
        assertThat(frozen.tasks()).isEqualTo(tasks);
        assertThat(frozen.latency().count()).isZero();
    }
}
