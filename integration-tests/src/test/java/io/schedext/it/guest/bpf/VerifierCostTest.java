// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.Btf;
import io.schedext.bpf.Libbpf;
import io.schedext.bpf.OpenBpfObject;
import io.schedext.bpf.VerifierStatistics;
import io.schedext.core.SchedulerOptions;
import io.schedext.core.internal.KernelConstants;
import io.schedext.core.internal.KernelProgram;
import io.schedext.core.internal.Preflight;
import io.schedext.it.suite.VerifierBaseline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// What the scheduler's programs cost the verifier of this kernel, held against what they cost when
/// somebody last looked: a change that makes the verifier work harder is seen before it refuses.
class VerifierCostTest {
    /// Where the verifier gives up: BPF_COMPLEXITY_LIMIT_INSNS.
    private static final int LIMIT = 1_000_000;

    @Test
    @Tag("conformance")
    void noProgramCostsATenthMoreThanItDid(TestReporter reporter) throws IOException {
        String series = System.getProperty("scx.kernel");
        String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        VerifierBaseline measured = measure();
        String file = "verifier-" + series + ".properties";
        Files.writeString(Path.of("/out", file), measured.text(release));
        report(reporter, measured);

        assertThat(baseline(file).differences(measured))
                .as(
                        "what the verifier of %1$s goes through, against"
                                + " integration-tests/src/test/resources/verifier/%2$s;"
                                + " if that is meant: cp integration-tests/target/vm/%1$s/%2$s"
                                + " integration-tests/src/test/resources/verifier/",
                        series, file)
                .isEmpty();
    }

    private static VerifierBaseline measure() {
        Btf kernel = Btf.ofKernel();
        try (OpenBpfObject object =
                KernelProgram.open(
                        Libbpf.load(Optional.empty()),
                        SchedulerOptions.builder().build(),
                        KernelConstants.of(kernel),
                        new Preflight(Path.of("/")))) {
            return new VerifierBaseline(object.verify());
        }
    }

    private static void report(TestReporter reporter, VerifierBaseline measured) {
        long instructions = 0;
        long states = 0;
        VerifierStatistics most = new VerifierStatistics(0, 0);
        for (VerifierStatistics cost : measured.programs().values()) {
            instructions += cost.instructions();
            states += cost.states();
            most = cost.instructions() > most.instructions() ? cost : most;
        }
        reporter.publishEntry("instructions", instructions + "");
        reporter.publishEntry("states", states + "");
        reporter.publishEntry("most instructions of a program", most.instructions() + "");
        assertThat(most.instructions()).isBetween(1L, LIMIT / 2L);
    }

    /// A kernel that nobody has looked at yet has an empty one: all programs are new.
    private static VerifierBaseline baseline(String file) throws IOException {
        try (InputStream in = VerifierCostTest.class.getResourceAsStream("/verifier/" + file)) {
            byte[] text = in == null ? new byte[0] : in.readAllBytes();
            return VerifierBaseline.parse(new String(text, StandardCharsets.UTF_8));
        }
    }
}
