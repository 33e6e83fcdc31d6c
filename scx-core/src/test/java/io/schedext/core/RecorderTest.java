// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedext.core.fake.Allocation;
import io.schedext.core.fake.FakeKernel;
import io.schedext.core.fake.TaskRecord;
import io.schedext.core.spi.RecordingFormat;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {

    private static final int BURST = 50;

    private final FakeKernel kernel = new FakeKernel();
    private final DispatchedTask decision = new DispatchedTask();

    /// Asks for all there is to ask.
    private final Policy policy =
            side -> {
                long queued = side.counters().queued();
                QueuedTask task;
                while ((task = side.dequeueTask()) != null) {
                    int cpu = side.selectCpu(task.pid(), task.cpu(), 0);
                    decision.of(task).cpu(Math.max(cpu, 0)).sliceNs(1 + queued);
                    side.dispatchTask(decision.vtime(side.nanoTime()));
                }
                return 3;
            };

    private static List<Long> kinds(Path file) throws Exception {
        MemorySegment memory = MemorySegment.ofArray(Files.readAllBytes(file));
        List<Long> kinds = new ArrayList<>();
        for (long at = RecordingFormat.HEADER_BYTES;
                at < memory.byteSize();
                at += RecordingFormat.ENTRY_BYTES) {
            kinds.add(memory.get(RecordingFormat.LONG, at + RecordingFormat.KIND));
        }
        return kinds;
    }

    @Test
    void writesDownWhatIsAskedAndDecided(@TempDir Path folder) throws Exception {
        try (Recorder recorder = new Recorder(policy, 10_000)) {
            assertThat(recorder.schedule(kernel)).isEqualTo(3);
            assertThat(recorder.entries()).as("an idle cycle").isZero();
            kernel.queue(new TaskRecord(7));
            assertThat(recorder.schedule(kernel)).isEqualTo(3);
            recorder.save(folder.resolve("recording"));
            assertThat(kinds(folder.resolve("recording")))
                    .containsExactly(
                            RecordingFormat.CYCLE,
                            RecordingFormat.TASK,
                            RecordingFormat.SELECT_CPU,
                            RecordingFormat.TIME,
                            RecordingFormat.DECISION,
                            RecordingFormat.END);
            assertThat(recorder.missed()).isZero();
        }
        assertThat(kernel.takeDecision(new DispatchedTask())).isTrue();
    }

    @Test
    void whatFindsNoRoomIsCountedAndDecidedAllTheSame() {
        try (Recorder recorder = new Recorder(policy, 300)) {
            kernel.queue(new TaskRecord(7));
            recorder.schedule(kernel);
            assertThat(recorder.entries()).isEqualTo(2);
            assertThat(recorder.missed()).isEqualTo(4);
        }
        assertThat(kernel.takeDecision(new DispatchedTask())).isTrue();
    }

    @Test
    void refusesRoomForNothingAndForTooMuch() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Recorder(policy, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> new Recorder(policy, 1L << 31));
    }

    @Test
    void allocatesNothing() {
        TaskRecord task = new TaskRecord(1);
        DispatchedTask taken = new DispatchedTask();
        try (Recorder recorder = new Recorder(policy, 64 << 20)) {
            long bytes =
                    Allocation.ofBestRound(() -> {
                        for (int i = 0; i < 100; i++) {
                            for (int n = 1; n <= BURST; n++) {
                                kernel.queue(task.pid(n));
                            }
                            recorder.schedule(kernel);
                            while (kernel.takeDecision(taken)) {
                                // they make room
                            }
                        }
                    });
            assertThat(bytes).isZero();
            assertThat(recorder.entries()).isGreaterThan(20_000);
            assertThat(recorder.missed()).isZero();
        }
    }
}
