// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// One message between host and guest agent: 12 bytes of header (length of the payload, job, type,
/// each a little-endian 32-bit integer), then the payload. The guest's side is `agent.c` of the
/// VM's image.
///
/// @param job the command it belongs to, chosen by the host
/// @param type one of this class's constants
/// @param payload its bytes; not copied
record Frame(int job, int type, byte[] payload) {
    static final int HELLO = 1;
    static final int START = 2;
    static final int SIGNAL = 3;
    static final int POWER_OFF = 4;

    static final int HELLO_REPLY = 101;
    static final int STARTED = 102;
    static final int STDOUT = 103;
    static final int STDERR = 104;
    static final int EXIT = 105;
    static final int REFUSED = 106;

    /// What the agent takes at most in one frame, in bytes.
    static final int MAX_PAYLOAD = 256 * 1024 - 1;

    private static final int HEADER_BYTES = 12;

    static Frame empty(int job, int type) {
        return new Frame(job, type, new byte[0]);
    }

    static Frame ofInt(int job, int type, int value) {
        return new Frame(job, type, littleEndian(Integer.BYTES).putInt(value).array());
    }

    /// The payload as one 32-bit integer.
    int intPayload() {
        return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    String textPayload() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    void writeTo(OutputStream out) throws IOException {
        if (payload.length > MAX_PAYLOAD) {
            throw new IOException(
                    "a frame of " + payload.length + " bytes is more than the agent takes");
        }
        ByteBuffer bytes = littleEndian(HEADER_BYTES + payload.length);
        bytes.putInt(payload.length).putInt(job).putInt(type).put(payload);
        out.write(bytes.array());
        out.flush();
    }

    /// Reads the next frame, waiting for it.
    ///
    /// @return the frame, or `null` when the stream ends between two frames
    /// @throws EOFException when it ends within one
    static Frame readFrom(InputStream in) throws IOException {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length == 0) {
            return null;
        }
        if (header.length < HEADER_BYTES) {
            throw new EOFException("the guest's channel ended within a header");
        }
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        int length = fields.getInt();
        int job = fields.getInt();
        int type = fields.getInt();
        if (length < 0 || length > MAX_PAYLOAD) {
            throw new IOException(
                    "the guest's channel is out of step: a frame of " + length + " bytes");
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("the guest's channel ended within a frame");
        }
        return new Frame(job, type, payload);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
