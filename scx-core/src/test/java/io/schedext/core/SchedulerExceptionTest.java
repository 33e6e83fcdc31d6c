// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.schedext.bpf.BpfException;
import io.schedext.bpf.Libbpf;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulerExceptionTest {

    @ParameterizedTest
    @CsvSource({
        "LIBRARY_MISSING, NO_LIBBPF",
        "LIBRARY_TOO_OLD, OLD_LIBBPF",
        "BTF_MISSING, NO_BTF",
        "VERIFIER_REFUSED, REFUSED_BY_VERIFIER",
        "PERMISSION_DENIED, NOT_PERMITTED",
        "BUSY, OTHER_SCHEDULER",
        "NATIVE_ACCESS_DENIED, FAILED",
        "MALFORMED, FAILED",
        "NO_SUCH_NAME, FAILED",
        "FAILED, FAILED"
    })
    void everyKindOfFailureHasItsStatus(BpfException.Kind kind, ExitStatus status) {
        assertThat(SchedulerException.statusOf(kind)).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(BpfException.Kind.class)
    void noFailureIsASuccess(BpfException.Kind kind) {
        assertThat(SchedulerException.statusOf(kind)).isNotEqualTo(ExitStatus.OK);
    }

    @Test
    void keepsTheSentenceAndTheCause() {
        Path nowhere = Path.of("/nowhere/libbpf.so.1");
        BpfException cause =
                catchThrowableOfType(BpfException.class, () -> Libbpf.load(Optional.of(nowhere)));
        SchedulerException e = SchedulerException.of(cause);
        assertThat(e.status()).isEqualTo(ExitStatus.NO_LIBBPF);
        assertThat(e).hasMessage(cause.getMessage()).hasCause(cause);
        assertThat(e.getMessage()).contains(nowhere.toString()).contains("install");
    }

    /// libbpf's words, here as the name of a file.
    @Test
    void aFunctionThatTheKernelDescribesWronglyIsNamed() {
        Path words =
                Path.of(
                        "/nowhere/(func ksym) 'scx_bpf_kick_cpu': func_proto [134] incompatible with"
                                + " vmlinux [51379]");
        BpfException cause =
                catchThrowableOfType(BpfException.class, () -> Libbpf.load(Optional.of(words)));
        SchedulerException e = SchedulerException.of(cause);
        assertThat(e.status()).isEqualTo(ExitStatus.NO_BTF);
        assertThat(e)
                .hasMessageStartingWith("This kernel describes its function scx_bpf_kick_cpu")
                .hasCause(cause);
    }
}
