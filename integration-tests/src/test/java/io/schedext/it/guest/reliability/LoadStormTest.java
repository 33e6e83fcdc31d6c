// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.Policy;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.counts.Ledgers;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.LoadProgram;
import io.schedext.it.guest.support.TaskFiles;
import io.schedext.rlfifo.FifoPolicy;
import io.schedext.vruntime.VruntimePolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// What a machine goes through on its worst day, all of its tasks scheduled: tasks that are born
/// and die faster than they can be decided about, that change whatever they can change, and that
/// run out of memory. The scheduler stays, and so do those who were there before.
///
/// CPUs that come and go are `HotplugTest`'s. There is no swapping: the guest has no disk.
class LoadStormTest {

    private static final long SLICE_NS = 20_000_000;

    @Test
    @Timeout(120)
    void allStormsAtOnce(TestReporter reporter) throws Exception {
        check(new FifoPolicy(SLICE_NS), 0, 10, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(300)
    void eachStormThenAllAtOnce(TestReporter reporter) throws Exception {
        check(new VruntimePolicy(SLICE_NS, 1_000_000), 6, 20, reporter);
    }

    /// @param alone how many seconds each storm goes on alone
    /// @param together how many seconds all of them
    private static void check(Policy policy, double alone, double together, TestReporter reporter)
            throws Exception {
        SchedulerOptions options =
                SchedulerOptions.builder().name("storm").builtinIdle(false).build();
        try (var load = new Load();
                var memory = new MemoryPressure()) {
            Survivors survivors = Survivors.of(load);
            Map<String, Storm> storms = storms(survivors, memory);
            try (var scheduler = new AttachedScheduler(options, policy)) {
                if (alone > 0) {
                    for (var storm : storms.entrySet()) {
                        long count = storm.getValue().blow(alone);
                        reporter.publishEntry(storm.getKey() + " alone", count + "");
                        assertThat(count).as(storm.getKey()).isPositive();
                        assertThat(scheduler.exited())
                                .as("ended by %s: %s", storm.getKey(), scheduler.exitInfo())
                                .isFalse();
                    }
                }
                Map<String, Long> counts = blowAll(storms, together);
                reporter.publishEntry("all at once", counts.toString());
                assertThat(counts.values()).as("%s", counts).allMatch(count -> count > 0);
                survivors.assertTheyRun();
                reporter.publishEntry("silence", scheduler.counters().silence().toString());
                reporter.publishEntry("rescued", scheduler.counters().rescuedTasks() + "");
                Ledgers.exactAfterDetach(scheduler, reporter);
            }
        }
    }

    private static Map<String, Storm> storms(Survivors survivors, MemoryPressure memory) {
        Churn churn = new Churn(survivors.hogs(), survivors.sleepers());
        Map<String, Storm> storms = new LinkedHashMap<>();
        storms.put("forks", seconds -> births("forks", seconds));
        storms.put("execs", seconds -> births("execs", seconds));
        storms.put("exits", seconds -> births("exits", seconds));
        storms.put("changes of affinity", churn::affinity);
        storms.put("changes of class", churn::classes);
        storms.put("changes of nice value", churn::nice);
        storms.put("killed for memory", memory::run);
        return storms;
    }

    private static long births(String kind, double seconds)
            throws IOException, InterruptedException {
        try (var storm = LoadProgram.start(kind, "" + seconds)) {
            return storm.numbers().getFirst();
        }
    }

    private static Map<String, Long> blowAll(Map<String, Storm> storms, double seconds)
            throws Exception {
        Map<String, Long> counts = new LinkedHashMap<>();
        try (var threads = Executors.newFixedThreadPool(storms.size())) {
            List<Future<Long>> blowing = new ArrayList<>();
            storms.values()
                    .forEach(storm -> blowing.add(threads.submit(() -> storm.blow(seconds))));
            int i = 0;
            for (String name : storms.keySet()) {
                counts.put(name, blowing.get(i++).get());
            }
        }
        return counts;
    }

    /// Something terrible that goes on for a while.
    @FunctionalInterface
    private interface Storm {
        /// @return how often it struck
        long blow(double seconds) throws Exception;
    }

    /// Those who were there before, and are still there afterwards.
    private record Survivors(List<Long> hogs, List<Long> sleepers) {

        static Survivors of(Load load) throws IOException, InterruptedException {
            List<Long> hogs = new ArrayList<>();
            List<Long> sleepers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                hogs.add(load.runningHog().pid());
            }
            for (int i = 0; i < 4; i++) {
                sleepers.add(load.sleeper(-1, Integer.MAX_VALUE, 0.005).pid());
            }
            return new Survivors(hogs, sleepers);
        }

        void assertTheyRun() throws InterruptedException {
            for (long pid : Stream.concat(hogs.stream(), sleepers.stream()).toList()) {
                TaskFiles.of(pid).awaitRun();
            }
        }
    }
}
