// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TestRecorderTest {
    private final TestRecorder recorder = new TestRecorder();

    @Test
    void linesBecomeReportsWithFiguresAndOutput() {
        recorder.accept("before");
        recorder.accept(SuiteEvent.started("A.b", 5_000).format());
        assertThat(recorder.limitMillis()).contains(5_000L);
        recorder.accept("within");
        recorder.accept(SuiteEvent.figure("A.b", "tasks", "12").format());
        assertThat(recorder.poll()).isEmpty();
        recorder.accept(SuiteEvent.finished("A.b", Outcome.PASSED, 20, "").format());

        assertThat(recorder.limitMillis()).isEmpty();
        assertThat(recorder.poll())
                .contains(
                        new TestReport(
                                "A.b",
                                Outcome.PASSED,
                                20,
                                Map.of("tasks", "12"),
                                "",
                                "before\nwithin\n"));
        assertThat(recorder.done()).isFalse();
        recorder.accept(SuiteEvent.done().format());
        assertThat(recorder.done()).isTrue();
    }

    @Test
    void nothingLeaksIntoTheNextTest() {
        for (String test : new String[] {"A.a", "A.b"}) {
            recorder.accept(SuiteEvent.started(test, 1).format());
            recorder.accept(test);
            recorder.accept(SuiteEvent.finished(test, Outcome.PASSED, 1, "").format());
        }
        assertThat(recorder.poll().orElseThrow().output()).isEqualTo("A.a\n");
        assertThat(recorder.poll().orElseThrow().output()).isEqualTo("A.b\n");
    }

    @Test
    void theTestThatRanWhenAllWasLostHasFailed() {
        recorder.lost("nothing ran");
        assertThat(recorder.poll()).isEmpty();
        recorder.accept(SuiteEvent.started("A.b[2]", 1).format());
        recorder.lost("the guest hangs");
        TestReport report = recorder.poll().orElseThrow();
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.message()).isEqualTo("the guest hangs");
        assertThat(report.method()).isEqualTo("A.b");
    }
}
