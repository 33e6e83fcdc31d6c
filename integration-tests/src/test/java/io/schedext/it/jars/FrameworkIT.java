// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.jars;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.osgi.FrameworkProcess;
import io.schedext.it.osgi.FrameworkProcess.Kind;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// This project's jars in real OSGi frameworks. Without a policy nothing is attached, so none of
/// the schedulers' bundles is started here; `OsgiTest` does that in a kernel.
@Timeout(120)
class FrameworkIT {

    private static final List<String> OURS =
            List.of(
                    "io.schedext.bpf",
                    "io.schedext.core",
                    "io.schedext.cli",
                    "io.schedext.rlfifo",
                    "io.schedext.vruntime",
                    "io.schedext.osgi");

    @ParameterizedTest
    @EnumSource
    void bundlesAreResolvedAndStarted(Kind kind) throws Exception {
        try (var framework = new FrameworkProcess(kind, List.of())) {
            framework.startLibraries();
            framework.does("start io.schedext.osgi");
            for (String name : OURS) {
                boolean policy = name.endsWith("rlfifo") || name.endsWith("vruntime");
                assertThat(framework.ask("state " + name))
                        .as(name)
                        .isEqualTo(policy ? "RESOLVED" : "ACTIVE");
            }
            assertThat(framework.quit()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherBundleSeesWhatIsExportedAndNothingElse(Kind kind) throws Exception {
        try (var framework = new FrameworkProcess(kind, List.of())) {
            framework.startLibraries();
            framework.does("load io.schedext.vruntime io.schedext.core.Policy");
            framework.does("load io.schedext.core io.schedext.core.internal.Layout");
            assertThat(framework.ask("load io.schedext.vruntime io.schedext.core.internal.Layout"))
                    .contains("ClassNotFoundException");
            assertThat(framework.ask("load io.schedext.osgi io.schedext.cli.SchedulerCommand"))
                    .as("it is exported, but not to those who do not import it")
                    .contains("ClassNotFoundException");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPropertyThatMakesNoSenseIsNamed(Kind kind) throws Exception {
        List<String> wrong = List.of("-Dio.schedext.osgi.slice-us=-1");
        try (var framework = new FrameworkProcess(kind, wrong)) {
            framework.startLibraries();
            assertThat(framework.ask("start io.schedext.osgi"))
                    .contains("io.schedext.osgi.slice-us is a number above 0, not -1");
        }
    }
}
