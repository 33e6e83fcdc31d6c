// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/// A JVM that was told to refuse native access.
class NativeAccessTest {
    /// What runs in that JVM.
    public static final class Load {
        private Load() {}

        public static void main(String[] arguments) {
            try {
                Libbpf.load(Optional.empty());
            } catch (BpfException e) {
                System.out.print(e.kind() + " " + e.getMessage());
            }
        }
    }

    @Test
    void theMessageNamesTheFlag() throws Exception {
        String classPath =
                String.join(
                        File.pathSeparator,
                        folder(Libbpf.class),
                        folder(Load.class),
                        jar(Logger.class));
        Process jvm =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "--illegal-native-access=deny",
                                "-cp",
                                classPath,
                                Load.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).isZero();
        assertThat(output)
                .isEqualTo(
                        "NATIVE_ACCESS_DENIED load libbpf: the JVM refuses native access; start it with"
                                + " --enable-native-access=ALL-UNNAMED");
    }

    /// The folder that a class of ours came from: the module is patched with the tests, so it has
    /// two.
    private static String folder(Class<?> type) throws Exception {
        String file = type.getName().replace('.', '/') + ".class";
        String found = Path.of(type.getResource('/' + file).toURI()).toString();
        return found.substring(0, found.length() - file.length());
    }

    private static String jar(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }
}
