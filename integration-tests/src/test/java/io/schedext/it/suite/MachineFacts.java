// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import io.schedext.kernelvm.KernelVmContainer;
import java.time.Duration;

/// What the tests ran on.
///
/// @param kernel the kernel's release, as `uname -r` prints it
/// @param cpus number of CPUs
/// @param numaNodes number of NUMA nodes
/// @param acceleration `kvm` or `tcg`
/// @param bootSeconds from the container's start to the agent's first answer
public record MachineFacts(
        String kernel, int cpus, int numaNodes, String acceleration, double bootSeconds) {
    static MachineFacts of(KernelVmContainer vm) {
        String release =
                vm.exec(Duration.ofSeconds(20), "uname", "-r").requireSuccess().stdout().strip();
        return new MachineFacts(
                release,
                vm.options().cpus(),
                vm.options().numaNodes(),
                vm.acceleration().word(),
                vm.bootTime().toMillis() / 1000.0);
    }
}
