// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedext.core.Counters;
import io.schedext.core.DispatchedTask;
import io.schedext.core.Policy;
import io.schedext.core.QueuedTask;
import io.schedext.core.Recorder;
import io.schedext.core.SchedulerOptions;
import io.schedext.testkit.Recording.Difference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {

    private static final long MILLI = 1_000_000;

    @TempDir Path folder;

    /// Uses all that a policy can ask for.
    private static Policy curious(long sliceNs) {
        DispatchedTask decision = new DispatchedTask();
        return kernel -> {
            long slice = sliceNs / (kernel.counters().queued() + 1);
            Counters counters = kernel.counters();
            QueuedTask task;
            while ((task = kernel.dequeueTask()) != null) {
                int cpu = kernel.selectCpu(task.pid(), task.cpu(), 0);
                decision.of(task)
                        .sliceNs(slice + counters.queued())
                        .vtime(kernel.nanoTime() / 1_000);
                kernel.dispatchTask(
                        cpu >= 0 ? decision.cpu(cpu) : decision.cpu(DispatchedTask.ANY_CPU));
            }
            return 0;
        };
    }

    private Path record(Policy policy, long bytes) throws IOException {
        Path file = folder.resolve("recording");
        try (Recorder recorder = new Recorder(policy, bytes)) {
            var options = SchedulerOptions.builder().name("recorded").builtinIdle(false).build();
            Simulation simulation = Simulation.of(Machine.of(3), recorder, options, 5);
            simulation.spawn(
                    12, "task", Behaviour.random(Duration.ofMillis(1), Duration.ofMillis(2)));
            simulation.run(Duration.ofMillis(500));
            recorder.save(file);
        }
        return file;
    }

    @Test
    void theSamePolicyDecidesTheSame() throws IOException {
        Recording recording = Recording.read(record(curious(20 * MILLI), 8 << 20));
        assertThat(recording.missed()).isZero();
        assertThat(recording.decisions()).isEqualTo(recording.tasks()).isGreaterThan(500);
        assertThat(recording.cycles()).isGreaterThan(100);
        assertThat(recording.replay(curious(20 * MILLI))).isEmpty();
    }

    @Test
    void anotherPolicyDecidesOtherwise() throws IOException {
        Recording recording = Recording.read(record(curious(20 * MILLI), 8 << 20));
        List<Difference> differences = recording.replay(curious(10 * MILLI));
        assertThat(differences).hasSize(recording.tasks());
        Difference first = differences.getFirst();
        assertThat(first.comm()).startsWith("task-");
        assertThat(first.replayed().sliceNs()).isLessThan(first.recorded().sliceNs() * 6 / 10);
        assertThat(first.replayed().vtime()).isEqualTo(first.recorded().vtime());
    }

    @Test
    void aPolicyThatForgetsIsSeen() throws IOException {
        Recording recording = Recording.read(record(Policies.fifo(), 8 << 20));
        List<Difference> differences = recording.replay(Policies.forgetful());
        assertThat(differences).hasSize(recording.tasks() / 10);
        assertThat(differences).allMatch(difference -> difference.replayed() == null);
    }

    @Test
    void whatFindsNoRoomIsCounted() throws IOException {
        Recording recording = Recording.read(record(Policies.fifo(), 10_000));
        assertThat(recording.missed()).isGreaterThan(100);
        assertThat(recording.tasks()).isBetween(20, 60);
        assertThat(recording.replay(Policies.fifo())).isEmpty();
    }

    @Test
    void whatIsNoRecordingIsRefused() throws IOException {
        Path file = folder.resolve("other");
        Files.writeString(file, "a text that is longer than the header of a recording would be");
        assertThatThrownBy(() -> Recording.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it is no recording");
        Path whole = record(Policies.fifo(), 8 << 20);
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> Recording.read(file)).hasMessageContaining("it is cut off");
    }
}
