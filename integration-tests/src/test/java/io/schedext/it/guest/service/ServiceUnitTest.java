// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.cli.Launch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What systemd says of the unit beside an image, without running it; [ServiceTest] does.
class ServiceUnitTest {

    /// Of 100, in `systemd-analyze security`: 96 is a unit without any restriction, 13 were seen.
    private static final int MOST_EXPOSURE = 15;

    private static Outcome analyze(String... arguments) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Stream.concat(Stream.of("systemd-analyze"), Stream.of(arguments))
                                        .toList())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), said.lines().toList());
    }

    private record Outcome(int status, List<String> said) {}

    @ParameterizedTest
    @ValueSource(strings = {"rlfifo", "vruntime"})
    @Timeout(60)
    void isValidAndExposesLittle(String name) throws Exception {
        String unit = Launch.image(name).resolve(name + ".service").toString();
        assertThat(analyze("verify", "--man=no", unit).said())
                .noneMatch(line -> line.contains(name + ".service"));
        Outcome security =
                analyze("security", "--offline=true", "--threshold=" + MOST_EXPOSURE, unit);
        assertThat(security.said()).anyMatch(line -> line.contains("Overall exposure level"));
        assertThat(security.status()).as("%s", security.said()).isZero();
    }
}
