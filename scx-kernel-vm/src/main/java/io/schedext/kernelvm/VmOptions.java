// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What kind of machine the guest is.
///
/// @param kernel kernel series or version, such as `6.18`: the newest one that Debian's backports
///   have of it; `6.12`, which they do not have, is built from source
/// @param cpus number of CPUs
/// @param memoryMib memory in MiB, shared out evenly over the nodes
/// @param numaNodes number of NUMA nodes, each with as many CPUs (and one socket)
/// @param acceleration how it runs
/// @param mounts folders of the host that the guest sees, read-only, at the same path; none below
///   `/tmp`, `/var/tmp` or `/run`, which the guest has itself
/// @param output writable folder, seen by the guest as `/out`
/// @param kernelParameters added to the kernel's command line
public record VmOptions(
        String kernel,
        int cpus,
        int memoryMib,
        int numaNodes,
        Acceleration acceleration,
        List<Path> mounts,
        Path output,
        String kernelParameters) {

    private static final List<Path> GUESTS_OWN =
            List.of(Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/run"));

    /// The kernel that is used when none is asked for.
    public static final String DEFAULT_KERNEL = "6.18";

    /// Makes all paths absolute.
    ///
    /// @throws IllegalArgumentException when there is no such machine; the message says why
    public VmOptions {
        mounts = mounts.stream().map(VmOptions::real).toList();
        output = real(output);
        mounts.forEach(VmOptions::checkVisible);
        if (!kernel.matches("[0-9]+(\\.[0-9]+)+")) {
            throw new IllegalArgumentException(
                    "a kernel is given as a version such as 6.18; not: " + kernel);
        }
        if (cpus < 1 || numaNodes < 1 || cpus % numaNodes != 0) {
            throw new IllegalArgumentException(
                    cpus + " CPUs cannot be shared out over " + numaNodes + " nodes");
        }
        if (memoryMib < 512 || memoryMib % numaNodes != 0) {
            throw new IllegalArgumentException(
                    "memory is at least 512 MiB and divides over the nodes; not: " + memoryMib);
        }
    }

    /// Four CPUs on two nodes, 3 GiB, the default kernel, this JVM's JDK as the only mount.
    ///
    /// @param output writable folder, must exist
    public static VmOptions defaults(Path output) {
        return new VmOptions(
                DEFAULT_KERNEL,
                4,
                3072,
                2,
                Acceleration.fromEnvironment(),
                List.of(Path.of(System.getProperty("java.home"))),
                output,
                "");
    }

    /// The same with another kernel.
    public VmOptions withKernel(String kernel) {
        return new VmOptions(
                kernel, cpus, memoryMib, numaNodes, acceleration, mounts, output, kernelParameters);
    }

    /// The same with other CPUs, shared out over this many nodes.
    public VmOptions withCpus(int cpus, int numaNodes) {
        return new VmOptions(
                kernel, cpus, memoryMib, numaNodes, acceleration, mounts, output, kernelParameters);
    }

    /// The same with other memory.
    public VmOptions withMemoryMib(int memoryMib) {
        return new VmOptions(
                kernel, cpus, memoryMib, numaNodes, acceleration, mounts, output, kernelParameters);
    }

    /// The same, run in another way.
    public VmOptions withAcceleration(Acceleration acceleration) {
        return new VmOptions(
                kernel, cpus, memoryMib, numaNodes, acceleration, mounts, output, kernelParameters);
    }

    /// Adds a read-only mount.
    public VmOptions withMount(Path folder) {
        List<Path> more = new ArrayList<>(mounts);
        more.add(folder);
        return new VmOptions(
                kernel, cpus, memoryMib, numaNodes, acceleration, more, output, kernelParameters);
    }

    private static void checkVisible(Path mount) {
        if (GUESTS_OWN.stream().anyMatch(mount::startsWith)) {
            throw new IllegalArgumentException(
                    "the guest would not see %s: it has a %s of its own; mount another folder"
                            .formatted(mount, mount.getRoot().resolve(mount.subpath(0, 1))));
        }
    }

    private static Path real(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
