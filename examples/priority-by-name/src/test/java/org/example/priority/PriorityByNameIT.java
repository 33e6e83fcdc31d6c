// SPDX-License-Identifier: 0BSD
package org.example.priority;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.kernelvm.KernelVmContainer;
import io.schedext.kernelvm.SchedulerLaunch;
import io.schedext.kernelvm.SchedulerReport;
import io.schedext.kernelvm.VmOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The image, which is what ships, in a real kernel. Needs Docker: `mvn verify -Pkernel`.
class PriorityByNameIT {

    /// The same program under two names. The other one computes all the while, so half of its three
    /// seconds is what is due to the game; it says how many microseconds it had.
    private static final String TWO_HOGS =
            """
            cp /scx/load /tmp/game
            (/scx/load shares 8 0 | sed 's/^/other /') &
            sleep 1
            /tmp/game shares 3 0 | sed 's/^/game /'
            wait
            """;

    @Test
    void whoMatchesGoesFirst() {
        VmOptions machine = VmOptions.defaults(Path.of("target/vm")).withCpus(1, 1);
        SchedulerLaunch image =
                SchedulerLaunch.image(Path.of("target/image"), "bin/priority_by_name")
                        .with("--first", "game");
        try (var vm = KernelVmContainer.boot(machine);
                var mine = vm.schedule(image)) {
            String said =
                    vm.exec(Duration.ofMinutes(2), "sh", "-c", TWO_HOGS).requireSuccess().stdout();
            SchedulerReport report = mine.stop().requireBalanced();
            assertThat(micros("game", said)).isGreaterThan(2_000_000);
            assertThat(micros("other", said)).as("nobody starves").isPositive();
            assertThat(report.decisions().get("refused")).isZero();
        }
    }

    private static long micros(String name, String said) {
        return Pattern.compile(name + " (\\d+)")
                .matcher(said)
                .results()
                .map((MatchResult found) -> Long.parseLong(found.group(1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no time of " + name + " in: " + said));
    }
}
