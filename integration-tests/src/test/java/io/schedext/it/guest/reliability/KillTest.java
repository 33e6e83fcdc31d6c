// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.cli.Launch;
import io.schedext.it.guest.support.BpfLeftovers;
import io.schedext.it.guest.support.Figures;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedExt;
import io.schedext.it.guest.support.Sysctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// The scheduler is killed at a random moment, under load, again and again, while the next ones
/// wait already.
class KillTest {

    /// The kernel's own, for a scheduler that does not answer.
    private static final Duration WATCHDOG = Duration.ofSeconds(5);

    private static final long LONGEST_LIFE_MS = 1_500;

    /// So many are started before the first of them is attached.
    private static final int WAITING = 5;

    @Test
    @Timeout(300)
    void fiveTimes(TestReporter reporter) throws Exception {
        check(5, false, reporter);
    }

    @Test
    @Tag("full")
    @Timeout(2_400)
    void aHundredTimes(TestReporter reporter) throws Exception {
        check(100, true, reporter);
    }

    private static void check(int times, boolean hog, TestReporter reporter) throws Exception {
        long seed = System.nanoTime();
        reporter.publishEntry("seed", seed + "");
        Random random = new Random(seed);
        Map<String, String> settings = settings();
        BpfLeftovers before = BpfLeftovers.before();
        LongStream.Builder gone = LongStream.builder();
        try (var load = new Load()) {
            for (int i = 0; i < 4; i++) {
                load.sleeper(-1, Integer.MAX_VALUE, 0.003);
            }
            if (hog) {
                load.hog(-1);
            }
            for (int i = 0; i < times; i += WAITING) {
                try (var waiting = new Waiting()) {
                    for (Process next : waiting.processes) {
                        Waiting.attach(next);
                        Thread.sleep(random.nextLong(LONGEST_LIFE_MS));
                        next.destroyForcibly();
                        Duration after = SchedExt.awaitDetached();
                        gone.add(after.toNanos());
                        assertThat(after).as("until the kernel has it back").isLessThan(WATCHDOG);
                    }
                }
            }
            assertThat(settings()).as("sysctls and limits").isEqualTo(settings);
        }
        assertThat(BpfLeftovers.settled(before)).as("what is left of BPF").isEqualTo(before);
        reporter.publishEntry("until the kernel had it back", Figures.of(gone.build()) + "");
    }

    /// Each sysctl that has to do with memory, the kernel's scheduler or BPF, and the pins.
    private static Map<String, String> settings() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (String folder : new String[] {"/proc/sys/vm", "/proc/sys/net/core", "/sys/fs/bpf"}) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    settings.put(file.toString(), value(file));
                }
            }
        }
        return settings;
    }

    /// Some may only be written.
    private static String value(Path file) {
        try {
            return Sysctl.read(file);
        } catch (IOException e) {
            return "";
        }
    }

    /// Some that are started and wait for their turn.
    private static final class Waiting implements AutoCloseable {

        private final List<Process> processes = new ArrayList<>();

        Waiting() throws IOException {
            try {
                for (int i = 0; i < WAITING; i++) {
                    processes.add(
                            new ProcessBuilder(
                                            Launch.program(WaitingScheduler.class)
                                                    .withoutLog()
                                                    .words())
                                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                                    .start());
                }
                for (Process process : processes) {
                    assertThat(process.inputReader().readLine()).isEqualTo("ready");
                }
            } catch (IOException | AssertionError e) {
                close();
                throw e;
            }
        }

        static void attach(Process process) throws IOException, InterruptedException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            while (!SchedExt.state().equals("enabled")) {
                assertThat(process.isAlive()).as("it attaches").isTrue();
                Thread.sleep(5);
            }
        }

        @Override
        public void close() {
            for (Process process : processes) {
                process.destroyForcibly();
                process.onExit().join();
            }
        }
    }
}
