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
import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.TaskFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// A scheduler in a pid namespace of its own, where no id is what the kernel calls it.
class NamespaceTest {

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
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            reporter.publishEntry("inside", output.strip());
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("pid 1,").contains("kind NONE,").contains("own []");
            assertThat(process.exitValue()).as(output).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /// What runs in the namespace.
    static final class Inside {

        private Inside() {}

        public static void main(String[] arguments) throws Exception {
            long seconds = 3;
            Naming policy = new Naming(names());
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
                    "pid %d, kind %s, decisions %d, own %s%n",
                    ProcessHandle.current().pid(), exit.kind(), policy.decisions, policy.own);
            System.exit(policy.decisions > 100 ? 0 : 1);
        }

        /// The names of the threads of this process, as the kernel knows them.
        private static Set<String> names() throws IOException {
            Set<String> names = new TreeSet<>();
            names.add(AttachedScheduler.LOOP);
            TaskFiles.own().forEach(thread -> names.add(thread.comm()));
            // what is started begins with the name of the thread that starts it
            names.remove(new TaskFiles(Path.of("/proc/thread-self")).comm());
            return names;
        }
    }

    /// Whoever is free first; remembers the names of threads that it should never see.
    private static final class Naming implements Policy {

        private final Set<String> forbidden;
        private final Set<String> own = new TreeSet<>();
        private final DispatchedTask decision = new DispatchedTask();
        private volatile int decisions;

        Naming(Set<String> forbidden) {
            this.forbidden = forbidden;
        }

        @Override
        public long schedule(KernelSide kernel) {
            QueuedTask task;
            int made = 0;
            while ((task = kernel.dequeueTask()) != null) {
                if (forbidden.contains(task.comm())) {
                    own.add(task.comm());
                }
                made++;
                kernel.dispatchTask(
                        decision.of(task).cpu(DispatchedTask.ANY_CPU).sliceNs(5_000_000));
            }
            decisions += made;
            return 0;
        }
    }
}
