// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.DispatchedTask;
import io.schedext.core.ExitInfo;
import io.schedext.core.KernelSide;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.SchedulerOptions;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Load;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// A scheduler in a pid namespace of its own, where no id is what the kernel calls it.
class NamespaceTest {

    private static final String PROCESSES = "processes ";

    @Test
    @Tag("full")
    @Timeout(180)
    void theLoopIsKnownInAPidNamespace(TestReporter reporter) throws Exception {
        Process process =
                new ProcessBuilder(
                                "unshare",
                                "--pid",
                                "--fork",
                                "--mount-proc",
                                "--kill-child",
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Inside.class.getName())
                        .redirectErrorStream(true)
                        .start();
        try {
            Await.until(10, "it is started", () -> process.children().findAny().isPresent());
            long inner = process.children().findAny().orElseThrow().pid();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            reporter.publishEntry("inside", output.strip());
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output).contains("pid 1,").contains("kind NONE,");
            assertThat(output.lines().filter(line -> line.startsWith(PROCESSES)).findAny())
                    .as("the processes whose threads came to the policy")
                    .hasValueSatisfying(line ->
                            assertThat(line.substring(PROCESSES.length()).split(" "))
                                    .contains(Long.toString(ProcessHandle.current().pid()))
                                    .doesNotContain(Long.toString(inner)));
        } finally {
            process.destroyForcibly();
        }
    }

    /// What runs in the namespace.
    static final class Inside {

        private Inside() {}

        public static void main(String[] arguments) throws Exception {
            long seconds = 3;
            Listing policy = new Listing();
            SchedulerOptions options = Attach.whole().build();
            ExitInfo exit;
            try (var scheduler = new AttachedScheduler(options, policy);
                    var load = new Load()) {
                for (int i = 0; i < 2 * Cpus.COUNT; i++) {
                    load.hog(-1);
                }
                Thread.sleep(seconds * 1000);
                exit = scheduler.exitInfo();
            }
            System.out.printf(
                    "pid %d, kind %s, decisions %d%n",
                    ProcessHandle.current().pid(), exit.kind(), policy.decisions);
            System.out.println(
                    PROCESSES
                            + policy.processes.stream()
                                    .map(Object::toString)
                                    .collect(Collectors.joining(" ")));
            System.exit(policy.decisions > 100 ? 0 : 1);
        }
    }

    /// Whoever is free first; remembers whose threads it saw, by the ids that the kernel gives
    /// them.
    private static final class Listing implements Policy {

        private final Set<Integer> processes = new TreeSet<>();
        private final DispatchedTask decision = new DispatchedTask();
        private volatile int decisions;

        @Override
        public long schedule(KernelSide kernel) {
            QueuedTask task;
            int made = 0;
            while ((task = kernel.dequeueTask()) != null) {
                processes.add(task.tgid());
                made++;
                kernel.dispatchTask(
                        decision.of(task).cpu(DispatchedTask.ANY_CPU).sliceNs(5_000_000));
            }
            decisions += made;
            return 0;
        }
    }
}
