// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// A scheduler that schedules the guest. One thread at a time may use it.
public final class GuestScheduler implements AutoCloseable {
    /// A JVM starts and the verifier reads the program: ten seconds or so when emulated.
    private static final Duration ATTACH_LIMIT = Duration.ofSeconds(120);

    private static final Duration DETACH_LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);

    private static final String DISABLED = "disabled";
    private static final String ENABLED = "enabled";

    private final KernelVmContainer vm;
    private final GuestProcess process;
    private final String command;

    private GuestScheduler(KernelVmContainer vm, GuestProcess process, String command) {
        this.vm = vm;
        this.process = process;
        this.command = command;
    }

    static GuestScheduler start(KernelVmContainer vm, GuestCommand command) {
        String state = vm.schedExtState();
        if (!state.equals(DISABLED)) {
            throw new GuestException(
                    "cannot start `%s`: the guest has a scheduler already (%s)"
                            .formatted(command, state));
        }
        GuestScheduler scheduler =
                new GuestScheduler(vm, vm.launch(command, OutputListener.NONE), command.toString());
        try {
            scheduler.awaitAttached();
            return scheduler;
        } catch (RuntimeException e) {
            scheduler.close();
            throw e;
        }
    }

    private void awaitAttached() {
        BooleanSupplier attached = () -> vm.schedExtState().equals(ENABLED);
        if (!until(() -> !process.isAlive() || attached.getAsBoolean(), ATTACH_LIMIT)
                || !process.isAlive()) {
            throw new GuestException(
                    "in the guest, `%s` %s before it was attached%n%s%s"
                            .formatted(
                                    command,
                                    process.status() < 0
                                            ? "went on for " + ATTACH_LIMIT.toSeconds() + " s"
                                            : "ended with status " + process.status(),
                                    process.stdout(),
                                    process.stderr()));
        }
    }

    /// Whether its process runs and the kernel runs by it.
    public boolean isAttached() {
        return process.isAlive() && vm.schedExtState().equals(ENABLED);
    }

    /// The process, for signals and for what it has printed so far.
    public GuestProcess process() {
        return process;
    }

    /// Ends it with SIGTERM, and waits for its end. Where it has ended already, that is what is
    /// reported.
    ///
    /// @return what it printed at its end, and its exit status
    /// @throws GuestException when it does not end
    public SchedulerReport stop() {
        process.signal(GuestProcess.SIGTERM);
        if (!until(() -> !process.isAlive(), DETACH_LIMIT)) {
            throw new GuestException(
                    "in the guest, `%s` did not end within %d s of SIGTERM%n%s%s"
                            .formatted(
                                    command,
                                    DETACH_LIMIT.toSeconds(),
                                    process.stdout(),
                                    process.stderr()));
        }
        awaitDetached();
        return SchedulerReport.of(process.status(), process.stdout().lines().toList());
    }

    /// Ends it, whatever it does, and waits until the kernel has its machine back.
    ///
    /// @throws GuestException when it does not get it back
    @Override
    public void close() {
        process.close();
        awaitDetached();
    }

    private void awaitDetached() {
        if (!until(() -> vm.schedExtState().equals(DISABLED), DETACH_LIMIT)) {
            throw new GuestException(
                    "the guest is still %s after `%s` has ended%n%s"
                            .formatted(vm.schedExtState(), command, vm.consoleTail()));
        }
    }

    private static boolean until(BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new GuestException("interrupted while a scheduler was waited for", e);
            }
        }
        return true;
    }
}
