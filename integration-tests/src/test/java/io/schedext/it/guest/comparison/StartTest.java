// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.SchedulerOptions;
import io.schedext.it.cli.Launch;
import io.schedext.it.cli.SchedulerProcess;
import io.schedext.it.guest.support.SchedExt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// From the start of a process to its scheduler being attached: an image, the same without its
/// cache of classes, and a C program that loads and attaches the same BPF object through libbpf, in
/// turns. The best of each counts: what else the host does makes single runs longer, never shorter.
class StartTest {

    private static final int ROUNDS = 7;
    private static final String C = "C, libbpf";
    private static final String IMAGE = "image";
    private static final String UNTRAINED = "image without its cache";

    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

    @Test
    @Tag("full")
    @Timeout(900)
    void fromStartToAttached(TestReporter reporter, @TempDir Path folder) throws Exception {
        SchedulerOptions options = SchedulerOptions.builder().sliceNs(5_000_000).build();
        Launch c = new Launch(AttachProgram.words(options, folder.resolve("main.bpf.o")));
        Launch image = Launch.scheduler("rlfifo");
        Launch untrained = image.option("-XX:AOTMode=off");
        for (int round = -1; round < ROUNDS; round++) { // the first one warms the page cache
            inTurns(round, C, c);
            inTurns(round, IMAGE, image);
            inTurns(round, UNTRAINED, untrained);
        }
        seconds.forEach((what, all) ->
                reporter.publishEntry(what, "%.2f s at best; %s".formatted(best(what), all)));
        assertThat(best(C)).as("C, s").isLessThan(best(IMAGE));
        assertThat(best(IMAGE)).as("with its cache, s").isLessThan(best(UNTRAINED));
    }

    private void inTurns(int round, String what, Launch launch) throws Exception {
        long begin = System.nanoTime();
        try (SchedulerProcess process = launch.start()) {
            double ready = 0;
            if (!what.equals(C)) {
                // rehearsed, and about to attach
                process.until("it is ready", () -> !process.err().isEmpty());
                ready = since(begin);
            }
            SchedExt.awaitAttached(process);
            double attached = since(begin);
            process.until(
                    "it says so", () -> !(process.out().isEmpty() && process.err().size() < 2));
            if (round >= 0) {
                keep(what, attached);
                if (ready > 0) {
                    keep(what + ", ready", ready);
                }
                process.out().forEach(line -> keepFigures(what, line));
            }
            process.signal(what.equals(C) ? "KILL" : "TERM");
            process.await();
        }
        SchedExt.awaitDetached();
    }

    /// `loaded=1.234 attached=0.567`, of the C program.
    private void keepFigures(String what, String line) {
        for (String word : line.split(" ")) {
            if (word.matches("[a-z]+=[0-9.]+")) {
                String[] figure = word.split("=");
                keep(what + ", " + figure[0], Double.parseDouble(figure[1]));
            }
        }
    }

    private void keep(String what, double value) {
        seconds.computeIfAbsent(what, _ -> new ArrayList<>()).add(Math.round(value * 100) / 100.0);
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private double best(String what) {
        return Collections.min(seconds.get(what));
    }
}
