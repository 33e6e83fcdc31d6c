// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.BpfException.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class BpfExceptionTest {
    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int EBUSY = 16;
    private static final int EINVAL = 22;

    @Test
    void tellsOperationErrnoAndReason() {
        BpfException e =
                Failures.of(
                        "main.bpf.o: load",
                        EINVAL,
                        List.of(
                                "libbpf: map 'queued': failed to create: Invalid argument(-22)",
                                "libbpf: failed to load object 'main.bpf.o'"));
        assertThat(e)
                .hasMessage(
                        "main.bpf.o: load: EINVAL (22): map 'queued': failed to create: Invalid argument(-22)");
        assertThat(e.operation()).isEqualTo("main.bpf.o: load");
        assertThat(e.errno()).isEqualTo(EINVAL);
        assertThat(e.errnoName()).isEqualTo("EINVAL");
        assertThat(e.kind()).isEqualTo(Kind.FAILED);
        assertThat(e.verifierLog()).isEmpty();
    }

    @Test
    void tellsWhichPrivilegesAreLacking() {
        BpfException e = Failures.of("load", EPERM, List.of());
        assertThat(e)
                .hasMessage(
                        "load: EPERM (1): run as root, or with CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN");
        assertThat(e.kind()).isEqualTo(Kind.PERMISSION_DENIED);
    }

    @Test
    void tellsThatAnotherHoldsIt() {
        BpfException e = Failures.of("attach", EBUSY, List.of());
        assertThat(e).hasMessage("attach: EBUSY (16): something else already holds it");
        assertThat(e.kind()).isEqualTo(Kind.BUSY);
    }

    @Test
    void carriesTheVerifiersLogAndItsLastUsefulLine() {
        String log = "0: (95) exit\nR0 !read_ok\nprocessed 1 insns\n";
        BpfException e =
                Failures.ofLoad(
                        "main.bpf.o: load",
                        EACCES,
                        List.of(
                                "libbpf: prog 'enqueue': BPF program load failed: Permission denied"),
                        log);
        assertThat(e)
                .hasMessage(
                        "main.bpf.o: load program enqueue: EACCES (13): R0 !read_ok (2 lines omitted)");
        assertThat(e.kind()).isEqualTo(Kind.VERIFIER_REFUSED);
        assertThat(e.verifierLog()).isEqualTo(log);
    }

    @Test
    void aRefusalWithoutALogIsNotTheVerifiers() {
        BpfException e =
                Failures.ofLoad(
                        "load",
                        EPERM,
                        List.of(
                                "libbpf: prog 'enqueue': BPF program load failed: Operation not permitted"),
                        "");
        assertThat(e.kind()).isEqualTo(Kind.PERMISSION_DENIED);
        assertThat(e).hasMessageContaining("prog 'enqueue': BPF program load failed");
    }

    @Test
    void namesTheKernelsOwnErrnoAndStrangeOnes() {
        assertThat(Failures.of("attach", 524, List.of())).hasMessage("attach: ENOTSUPP (524)");
        assertThat(Failures.of("attach", 399, List.of())).hasMessage("attach: errno (399)");
    }
}
