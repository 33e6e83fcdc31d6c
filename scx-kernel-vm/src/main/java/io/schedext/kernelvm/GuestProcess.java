// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A command that runs in the guest. Its output is handed to the listener by whichever of these
/// methods waits, in the caller's thread; one thread at a time may use it. Closing it ends the
/// command and all of its process group.
public final class GuestProcess implements AutoCloseable {
    /// What Ctrl-C sends. The numbers are Linux's on x86.
    public static final int SIGINT = 2;

    /// A JVM prints what its threads do.
    public static final int SIGQUIT = 3;

    /// Ends it, whatever it does.
    public static final int SIGKILL = 9;

    /// Asks it to end.
    public static final int SIGTERM = 15;

    /// How long the agent itself may take to answer: it is of real-time class and does next to
    /// nothing.
    private static final Duration AGENT_PATIENCE = Duration.ofSeconds(10);

    /// How long the waiting thread sleeps before it looks whether the connection still stands.
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final GuestChannel channel;
    private final int job;
    private final BlockingQueue<Frame> frames;
    private final String command;
    private final OutputCollector out;
    private final OutputCollector err;
    private final long startNanos = System.nanoTime();

    private Predicate<String> wanted = line -> false;
    private String found;
    private long received;
    private int pid;
    private int status = -1;
    private volatile boolean ended;
    private boolean timedOut;
    private long endNanos;

    GuestProcess(
            GuestChannel channel,
            int job,
            BlockingQueue<Frame> frames,
            String command,
            OutputListener listener) {
        this.channel = channel;
        this.job = job;
        this.frames = frames;
        this.command = command;
        out = new OutputCollector(line -> hand(line, listener::out));
        err = new OutputCollector(line -> hand(line, listener::err));
    }

    /// Waits for the command's end. When its time is up it is ended: SIGTERM, then SIGKILL; the
    /// result says so.
    ///
    /// @param limit counted from the command's start
    /// @throws GuestHungException when the guest is gone or does not even end a killed command
    public GuestResult waitFor(Duration limit) {
        if (!receiveUntil(startNanos + limit.toNanos(), () -> ended)) {
            timedOut = true;
            end();
        }
        return new GuestResult(
                command,
                status,
                timedOut,
                out.text(),
                err.text(),
                Duration.ofNanos(endNanos - startNanos));
    }

    /// Waits for a line of output, on either stream, that comes after the last one this method
    /// found.
    ///
    /// @param limit counted from now
    /// @return the line
    /// @throws GuestException when the command ends or the time is up before
    public String awaitLine(Predicate<String> line, Duration limit) {
        wanted = line;
        found = null;
        receiveUntil(System.nanoTime() + limit.toNanos(), () -> found != null || ended);
        wanted = ignored -> false;
        if (found == null) {
            String how =
                    ended
                            ? "ended with status " + status
                            : "went on for " + limit.toSeconds() + " s";
            throw new GuestException(
                    "in the guest, `%s` %s without the line waited for%n%s%s"
                            .formatted(command, how, out.text(), err.text()));
        }
        return found;
    }

    /// Waits for more output, or for the command's end, at most for this time, and hands the output
    /// on.
    ///
    /// @return whether anything came
    public boolean awaitMore(Duration limit) {
        long before = received;
        receiveUntil(System.nanoTime() + limit.toNanos(), () -> received != before || ended);
        return received != before;
    }

    /// The exit status once the command has ended, as [GuestResult#status]; else negative.
    public int status() {
        return status;
    }

    /// Whether the command runs still, as far as the guest has told.
    public boolean isAlive() {
        receiveUntil(System.nanoTime(), () -> ended);
        return !ended;
    }

    /// The guest's process number of the command, which is its process group too.
    ///
    /// @throws GuestException when the agent refused to start it
    public int pid() {
        receiveUntil(System.nanoTime() + AGENT_PATIENCE.toNanos(), () -> pid != 0 || ended);
        if (pid == 0) {
            throw new GuestException(
                    "in the guest, `" + command + "` did not start: " + err.text());
        }
        return pid;
    }

    /// Sends a signal to the command's process group. Any thread may call.
    public void signal(int number) {
        if (!ended) {
            channel.signal(job, number);
        }
    }

    /// All standard output so far.
    public String stdout() {
        return out.text();
    }

    /// All standard error so far.
    public String stderr() {
        return err.text();
    }

    @Override
    public void close() {
        if (!ended && channel.closedBecause() == null) {
            end();
        }
        channel.forget(job);
    }

    private void end() {
        for (int number : new int[] {SIGTERM, SIGKILL}) {
            signal(number);
            if (receiveUntil(System.nanoTime() + AGENT_PATIENCE.toNanos(), () -> ended)) {
                return;
            }
        }
        String agent =
                channel.answers(AGENT_PATIENCE) ? "its agent answers" : "its agent does not answer";
        throw new GuestHungException(
                "the guest does not end `" + command + "`, killed by SIGKILL; " + agent);
    }

    private boolean receiveUntil(long deadline, BooleanSupplier done) {
        try {
            while (!done.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                Frame frame = frames.poll(Math.clamp(left, 0, POLL_NANOS), TimeUnit.NANOSECONDS);
                if (frame != null) {
                    accept(frame);
                } else if (left <= 0) {
                    return false;
                } else if (channel.closedBecause() != null && frames.isEmpty()) {
                    throw new GuestHungException(
                            "the guest went away while `%s` ran: %s"
                                    .formatted(command, channel.closedBecause()));
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException("interrupted while `" + command + "` ran in the guest", e);
        }
    }

    private void accept(Frame frame) {
        received++;
        switch (frame.type()) {
            case Frame.STARTED -> pid = frame.intPayload();
            case Frame.STDOUT -> out.accept(frame.payload());
            case Frame.STDERR -> err.accept(frame.payload());
            case Frame.EXIT -> finish(frame.intPayload());
            case Frame.REFUSED -> {
                err.accept(
                        ("agent: " + frame.textPayload() + "\n").getBytes(StandardCharsets.UTF_8));
                finish(127);
            }
            default ->
                    throw new GuestException(
                            "the guest's agent sent a frame of type " + frame.type());
        }
    }

    private void finish(int exitStatus) {
        out.finish();
        err.finish();
        status = exitStatus;
        endNanos = System.nanoTime();
        ended = true;
        channel.forget(job);
    }

    private void hand(String line, Consumer<String> listener) {
        if (found == null && wanted.test(line)) {
            found = line;
        }
        listener.accept(line);
    }
}
