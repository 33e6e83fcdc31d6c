// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Plays the guest's part on the other end of a socket. Each word of a command is an order.
final class FakeAgent {
    private final List<Integer> signals = new CopyOnWriteArrayList<>();

    FakeAgent(ServerSocket server) {
        Thread.ofPlatform().daemon().start(() -> serve(server));
    }

    /// The signals that were asked for, in their order.
    List<Integer> signals() {
        return List.copyOf(signals);
    }

    private void serve(ServerSocket server) {
        try (Socket socket = server.accept()) {
            OutputStream out = socket.getOutputStream();
            for (Frame frame = Frame.readFrom(socket.getInputStream());
                    frame != null;
                    frame = Frame.readFrom(socket.getInputStream())) {
                switch (frame.type()) {
                    case Frame.HELLO ->
                            new Frame(frame.job(), Frame.HELLO_REPLY, new byte[] {'1'})
                                    .writeTo(out);
                    case Frame.START -> {
                        if (!obey(frame, out)) {
                            return;
                        }
                    }
                    case Frame.SIGNAL -> {
                        signals.add(frame.intPayload());
                        Frame.ofInt(frame.job(), Frame.EXIT, 128 + frame.intPayload()).writeTo(out);
                    }
                    default -> throw new IOException("unexpected frame " + frame.type());
                }
            }
        } catch (IOException e) {
            // The test has closed its end.
        }
    }

    private static boolean obey(Frame start, OutputStream out) throws IOException {
        String[] words = start.textPayload().split("\0");
        int job = start.job();
        for (int i = 2; i < words.length; i++) {
            String argument = words[i].substring(words[i].indexOf(' ') + 1);
            switch (words[i].split(" ")[0]) {
                case "out" -> text(job, Frame.STDOUT, argument).writeTo(out);
                case "err" -> text(job, Frame.STDERR, argument).writeTo(out);
                case "exit" ->
                        Frame.ofInt(job, Frame.EXIT, Integer.parseInt(argument)).writeTo(out);
                case "hang" -> Frame.ofInt(job, Frame.STARTED, 4711).writeTo(out);
                case "refuse" ->
                        new Frame(job, Frame.REFUSED, "too many".getBytes(StandardCharsets.UTF_8))
                                .writeTo(out);
                case "die" -> {
                    return false;
                }
                default -> throw new IOException("unknown order " + words[i]);
            }
        }
        return true;
    }

    private static Frame text(int job, int type, String line) {
        return new Frame(job, type, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
