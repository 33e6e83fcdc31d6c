// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameTest {
    @Test
    void headerIsLengthJobAndTypeInLittleEndian() throws IOException {
        assertThat(bytes(Frame.ofInt(0x0102, Frame.SIGNAL, 15)))
                .containsExactly(4, 0, 0, 0, 2, 1, 0, 0, 3, 0, 0, 0, 15, 0, 0, 0);
    }

    @Test
    void framesComeBackAsTheyWereSent() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Frame(7, Frame.STDOUT, "grüße\n".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .writeTo(out);
        Frame.empty(8, Frame.HELLO_REPLY).writeTo(out);
        Frame.ofInt(9, Frame.EXIT, 137).writeTo(out);
        var in = new ByteArrayInputStream(out.toByteArray());

        Frame text = Frame.readFrom(in);
        assertThat(text.job()).isEqualTo(7);
        assertThat(text.textPayload()).isEqualTo("grüße\n");
        assertThat(Frame.readFrom(in).type()).isEqualTo(Frame.HELLO_REPLY);
        assertThat(Frame.readFrom(in).intPayload()).isEqualTo(137);
        assertThat(Frame.readFrom(in)).isNull();
    }

    @Test
    void anEndWithinAFrameIsAnError() throws IOException {
        byte[] whole = bytes(Frame.ofInt(1, Frame.EXIT, 0));
        for (int length = 1; length < whole.length; length++) {
            var in = new ByteArrayInputStream(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Frame.readFrom(in)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void impossibleLengthsAreRefused() {
        byte[] header = new byte[12];
        header[3] = 0x7f;
        assertThatThrownBy(() -> Frame.readFrom(new ByteArrayInputStream(header)))
                .hasMessageContaining("out of step");
        assertThatThrownBy(() -> bytes(new Frame(1, Frame.START, new byte[Frame.MAX_PAYLOAD + 1])))
                .hasMessageContaining("more than the agent takes");
    }

    private static byte[] bytes(Frame frame) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame.writeTo(out);
        return out.toByteArray();
    }
}
