// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.Recorder;
import io.schedext.it.guest.support.Attach;
import io.schedext.it.guest.support.AttachedScheduler;
import io.schedext.it.guest.support.Await;
import io.schedext.it.guest.support.Load;
import io.schedext.rlfifo.FifoPolicy;
import io.schedext.testkit.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// What was scheduled here can be played to a policy anywhere. The file is left beside the report:
/// one of these is what scx-rlfifo's own tests play.
class RecorderTest {

    private static final Path FILE = Path.of("/out/rlfifo.scxrec");
    private static final long SLICE = 20_000_000;

    /// Room for 700 entries, fewer than there will be.
    private static final long BYTES = 70_000;

    @Test
    @Timeout(60)
    void thePolicyThatWasRecordedDecidesTheSameAgain(TestReporter reporter) throws Exception {
        try (var recorder = new Recorder(new FifoPolicy(SLICE), BYTES);
                var scheduler = new AttachedScheduler(Attach.partial().build(), recorder)) {
            try (var load = new Load()) {
                load.hog(0);
                load.hog(0);
                for (int i = 0; i < 4; i++) {
                    load.sleeper(-1, Integer.MAX_VALUE, 0.004);
                }
                Await.until(
                        30,
                        "its memory is full",
                        () -> recorder.missed() > 0 || scheduler.exited());
            }
            assertThat(scheduler.exited()).as("%s", scheduler.exitInfo()).isFalse();
            scheduler.detach();
            recorder.save(FILE);
        }
        Recording recording = Recording.read(FILE);
        reporter.publishEntry(
                "recorded",
                "%d cycles, %d tasks, %d decisions, %d bytes"
                        .formatted(
                                recording.cycles(),
                                recording.tasks(),
                                recording.decisions(),
                                Files.size(FILE)));
        assertThat(recording.tasks()).isGreaterThan(100);
        assertThat(recording.replay(new FifoPolicy(SLICE))).isEmpty();
        assertThat(recording.replay(new FifoPolicy(SLICE / 2)))
                .hasSizeGreaterThan(recording.tasks() * 9 / 10);
    }
}
