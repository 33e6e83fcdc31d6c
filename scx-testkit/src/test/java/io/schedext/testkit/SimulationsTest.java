// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class SimulationsTest {

    /// Run by the test below only.
    @ExtendWith(Simulations.Extension.class)
    @EnabledIfSystemProperty(named = "scx.testkit.pictures", matches = ".+")
    static class Failing {
        @Test
        void onPurpose(Simulations simulations) {
            Simulation simulation = simulations.of(Machine.of(2), Policies.fifo());
            simulation.spawn("<hog> \"1\"", Behaviour.hog());
            simulation.run(Duration.ofMillis(10));
            throw new AssertionError("on purpose");
        }
    }

    @Test
    void aFailedTestTellsItsSeedAndLeavesAPicture(@TempDir Path folder) throws Exception {
        var listener = new SummaryGeneratingListener();
        System.setProperty("scx.testkit.pictures", folder.toString());
        try {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(Failing.class))
                                    .build(),
                            listener);
        } finally {
            System.clearProperty("scx.testkit.pictures");
        }
        var failures = listener.getSummary().getFailures();
        assertThat(failures).hasSize(1);
        Throwable failure = failures.getFirst().getException();
        assertThat(failure).hasMessage("on purpose");
        Path picture = folder.resolve("Failing.onPurpose.html");
        assertThat(failure.getSuppressed()[0])
                .hasMessageContaining("-Dscx.testkit.seed=1 repeats it")
                .hasMessageContaining(picture.toString());
        assertThat(Files.readString(picture))
                .contains("<title>Failing.onPurpose</title>")
                .contains("\"tasks\":[[1,\"loop\",")
                .contains("\\u003chog> \\u00221\\u0022")
                .doesNotContain("__DATA__");
    }
}
