// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.kernelvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.kernelvm.KernelVmContainer;
import io.schedext.kernelvm.SchedulerLaunch;
import io.schedext.kernelvm.SchedulerReport;
import io.schedext.kernelvm.VmOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a user writes to test a scheduler of their own in a kernel, in their CI.
class OwnSchedulerIT {

    @Test
    void hogsShareACpuUnderRlfifo() {
        VmOptions machine = VmOptions.defaults(Path.of("target/vm/own")).withCpus(1, 1);
        try (var vm = KernelVmContainer.boot(machine);
                var mine = vm.schedule(SchedulerLaunch.module("io.schedext.rlfifo"))) {
            List<Long> cpuTimes = vm.load(Duration.ofSeconds(60), "shares", "3", "0", "10");
            SchedulerReport report = mine.stop().requireBalanced();
            // First come, first served, by equal slices: the nice value counts for nothing.
            assertThat(cpuTimes.get(1) * 1.0 / cpuTimes.get(0)).isBetween(0.8, 1.25);
            assertThat(report.tasks().get("user")).isGreaterThan(100);
            assertThat(report.decisions().get("refused")).isZero();
        }
    }
}
