// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.core.LoopHealth;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A thread that stands for the loop, and this one, which looks at it.
@Timeout(30)
class LoopProbeTest {

    private static final long MIB = 1 << 20;

    /// The name is in the file that is read, and may contain anything.
    private final ExecutorService loop =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("a) R 1 (2 3 4").factory());

    private LoopProbe probe;
    private volatile Object kept;

    @BeforeEach
    void begin() {
        probe = CompletableFuture.supplyAsync(LoopProbe::new, loop).join();
    }

    @AfterEach
    void end() throws InterruptedException {
        loop.shutdown();
        assertThat(loop.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    /// What the thread does, seen from here.
    private LoopHealth during(Runnable work) {
        LoopHealth before = probe.read(0);
        CompletableFuture.runAsync(work, loop).join();
        return probe.read(0).since(before);
    }

    @Test
    void seesWhatTheThreadAllocates() {
        LoopHealth health = during(() -> allocate(64));
        assertThat(health.allocatedBytes()).isBetween(64 * MIB, 80 * MIB);
    }

    @Test
    void seesNothingOfWhatOthersDo() {
        LoopHealth before = probe.read(0);
        allocate(64);
        touchNewMemory();
        LoopHealth health = probe.read(0).since(before);
        assertThat(health.allocatedBytes()).isLessThan(MIB);
        assertThat(health.minorFaults()).isLessThan(32);
    }

    private void allocate(int mib) {
        for (int i = 0; i < mib; i++) {
            kept = new byte[(int) MIB];
        }
    }

    @Test
    void seesThePagesThatTheThreadTouchesFirst() {
        during(this::touchNewMemory);
        LoopHealth health = during(this::touchNewMemory);
        // where the kernel gives huge pages, these are of 2 MiB
        assertThat(health.minorFaults()).isBetween(32L, 64 * MIB / 4096 + 1_000);
        assertThat(health.majorFaults()).isBetween(0L, 1_000L);
        assertThat(during(() -> {}).minorFaults()).as("while it rests").isLessThan(32);
    }

    private void touchNewMemory() {
        try (Arena arena = Arena.ofConfined()) {
            kept = arena.allocate(64 * MIB).fill((byte) 1);
        }
    }

    @Test
    void countsTheClassesThatAnyThreadLoads() throws Exception {
        LoopHealth before = probe.read(0);
        byte[] bytes = bytesOf(Unloaded.class);
        for (int i = 0; i < 100; i++) {
            kept = MethodHandles.lookup().defineHiddenClass(bytes, false);
        }
        assertThat(probe.read(0).since(before).loadedClasses()).isBetween(100L, 1_000L);
    }

    private static byte[] bytesOf(Class<?> type) throws IOException {
        String name = type.getName();
        try (InputStream in =
                type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            return in.readAllBytes();
        }
    }

    /// Loaded a hundred times.
    private static final class Unloaded {}

    /// It may go on for a moment after it was seen last.
    @Test
    void aThreadThatHasEndedIsAsItWasLastSeen() throws Exception {
        Path files = CompletableFuture.supplyAsync(LoopProbeTest::ownFiles, loop).join();
        during(() -> allocate(1));
        LoopHealth seen = probe.read(0);
        end();
        while (Files.exists(files)) {
            Thread.sleep(1);
        }
        LoopHealth ended = probe.read(7);
        assertThat(ended.allocatedBytes()).isGreaterThanOrEqualTo(seen.allocatedBytes());
        assertThat(ended.minorFaults()).isGreaterThanOrEqualTo(seen.minorFaults()).isPositive();
        assertThat(ended.majorFaults()).isGreaterThanOrEqualTo(seen.majorFaults());
        assertThat(ended.longestPauseNs()).isEqualTo(7);
    }

    private static Path ownFiles() {
        try {
            return Path.of("/proc/thread-self").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
