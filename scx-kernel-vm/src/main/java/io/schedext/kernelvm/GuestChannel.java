// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The connection to the guest's agent: hands out commands, sorts what comes back by command.
///
/// One thread of its own reads and never waits for anybody, so a slow reader of one command's
/// output holds up no other.
final class GuestChannel implements AutoCloseable {
    /// Job number of frames that belong to no command.
    private static final int NO_JOB = 0;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final AtomicInteger lastJob = new AtomicInteger(NO_JOB);
    private final Map<Integer, BlockingQueue<Frame>> jobs = new ConcurrentHashMap<>();
    private volatile String closedBecause;

    private GuestChannel(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
    }

    /// Connects once and asks the agent to answer.
    ///
    /// @param patience how long the agent may take; it answers as soon as the guest has booted
    /// @throws IOException when nobody listens yet, or nobody answers
    static GuestChannel connect(InetSocketAddress address, Duration patience) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address, Math.toIntExact(patience.toMillis()));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            GuestChannel channel = new GuestChannel(socket);
            channel.send(Frame.empty(NO_JOB, Frame.HELLO));
            Frame reply = Frame.readFrom(channel.in);
            if (reply == null || reply.type() != Frame.HELLO_REPLY) {
                throw new IOException("the agent does not answer yet");
            }
            socket.setSoTimeout(0);
            Thread.ofPlatform().daemon().name("guest-channel").start(channel::read);
            return channel;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /// Starts a command; returns without waiting for the guest.
    ///
    /// @throws GuestHungException when the connection is gone
    GuestProcess start(GuestCommand command, OutputListener listener) {
        int job = open();
        request(new Frame(job, Frame.START, command.encode()));
        return new GuestProcess(this, job, jobs.get(job), command.toString(), listener);
    }

    void signal(int job, int number) {
        request(Frame.ofInt(job, Frame.SIGNAL, number));
    }

    /// Whether the agent answers within this time.
    boolean answers(Duration patience) {
        int job = open();
        try {
            send(Frame.empty(job, Frame.HELLO));
            Frame reply = jobs.get(job).poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            return reply != null && reply.type() == Frame.HELLO_REPLY;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            forget(job);
        }
    }

    /// Asks the guest to end all commands and to switch itself off.
    void powerOff() {
        request(Frame.empty(NO_JOB, Frame.POWER_OFF));
    }

    void forget(int job) {
        jobs.remove(job);
    }

    /// Why nothing comes any more, or `null` while the connection stands.
    String closedBecause() {
        return closedBecause;
    }

    @Override
    public void close() {
        closedBecause = "the channel was closed";
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is what it was to be.
        }
    }

    private int open() {
        int job = lastJob.incrementAndGet();
        jobs.put(job, new LinkedBlockingQueue<>());
        return job;
    }

    private void request(Frame frame) {
        try {
            send(frame);
        } catch (IOException e) {
            throw new GuestHungException(
                    "the connection to the guest is gone: " + closedBecause, e);
        }
    }

    private void send(Frame frame) throws IOException {
        synchronized (out) {
            frame.writeTo(out);
        }
    }

    private void read() {
        String reason = "the guest ended";
        try {
            for (Frame frame = Frame.readFrom(in); frame != null; frame = Frame.readFrom(in)) {
                BlockingQueue<Frame> job = jobs.get(frame.job());
                if (job != null) {
                    job.add(frame);
                }
            }
        } catch (IOException e) {
            reason = e.getMessage();
        }
        if (closedBecause == null) {
            closedBecause = reason;
        }
    }
}
