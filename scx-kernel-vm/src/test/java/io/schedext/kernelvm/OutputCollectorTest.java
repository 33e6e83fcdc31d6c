// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputCollectorTest {
    @Test
    void linesAreWholeHoweverTheBytesAreCut() {
        byte[] text = "eins\n\nzwölf ✓\nlast".getBytes(StandardCharsets.UTF_8);
        for (int chunk = 1; chunk <= text.length; chunk++) {
            List<String> lines = new ArrayList<>();
            OutputCollector collector = new OutputCollector(lines::add);
            for (int from = 0; from < text.length; from += chunk) {
                collector.accept(
                        java.util.Arrays.copyOfRange(
                                text, from, Math.min(text.length, from + chunk)));
            }
            assertThat(lines).containsExactly("eins", "", "zwölf ✓");
            collector.finish();
            assertThat(lines).containsExactly("eins", "", "zwölf ✓", "last");
            assertThat(collector.text()).isEqualTo("eins\n\nzwölf ✓\nlast");
        }
    }
}
