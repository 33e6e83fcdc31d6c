// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Against an agent that does what each test's commands say: `out TEXT`, `err TEXT`, `exit N`,
/// `hang`, `die`, `refuse`.
@Timeout(30)
class GuestChannelTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private ServerSocket server;
    private FakeAgent agent;
    private GuestChannel channel;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        agent = new FakeAgent(server);
        channel = GuestChannel.connect((InetSocketAddress) server.getLocalSocketAddress(), SOON);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        server.close();
    }

    @Test
    void aCommandsOutputAndStatusComeBack() {
        GuestResult result = start("out one", "err two", "out three", "exit 3").waitFor(SOON);
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.stdout()).isEqualTo("one\nthree\n");
        assertThat(result.stderr()).isEqualTo("two\n");
        assertThat(result.timedOut()).isFalse();
        assertThatThrownBy(result::requireSuccess)
                .isInstanceOf(GuestException.class)
                .hasMessageContaining("status 3")
                .hasMessageContaining("three")
                .hasMessageContaining("two");
    }

    @Test
    void commandsRunSideBySideAndAreNotMixedUp() {
        try (GuestProcess background = start("out ready", "hang")) {
            assertThat(background.awaitLine(line -> line.equals("ready"), SOON)).isEqualTo("ready");
            assertThat(start("out x", "exit 0").waitFor(SOON).requireSuccess().stdout())
                    .isEqualTo("x\n");
            assertThat(background.isAlive()).isTrue();
            background.signal(GuestProcess.SIGINT);
            assertThat(background.waitFor(SOON).status()).isEqualTo(128 + GuestProcess.SIGINT);
        }
    }

    @Test
    void linesAreHandedOnInTheWaitingThread() {
        List<String> lines = new ArrayList<>();
        Thread self = Thread.currentThread();
        var listener =
                new OutputListener() {
                    @Override
                    public void out(String line) {
                        assertThat(Thread.currentThread()).isSameAs(self);
                        lines.add("out " + line);
                    }

                    @Override
                    public void err(String line) {
                        lines.add("err " + line);
                    }
                };
        channel.start(GuestCommand.of("out a", "err b", "exit 0"), listener).waitFor(SOON);
        assertThat(lines).containsExactly("out a", "err b");
    }

    @Test
    void aCommandIsEndedWhenItsTimeIsUp() {
        GuestResult result = start("hang").waitFor(Duration.ofMillis(50));
        assertThat(result.timedOut()).isTrue();
        assertThat(result.status()).isEqualTo(128 + GuestProcess.SIGTERM);
        assertThatThrownBy(result::requireSuccess).hasMessageContaining("within its time");
    }

    @Test
    void aGuestThatGoesAwayIsToldFromACommandThatEnds() {
        assertThatThrownBy(() -> start("out a", "die").waitFor(SOON))
                .isInstanceOf(GuestHungException.class)
                .hasMessageContaining("went away");
        assertThat(channel.answers(Duration.ofMillis(100))).isFalse();
    }

    @Test
    void aRefusedCommandEndsLikeOneThatCannotBeRun() {
        GuestResult result = start("refuse").waitFor(SOON);
        assertThat(result.status()).isEqualTo(127);
        assertThat(result.stderr()).contains("too many");
    }

    @Test
    void aLineThatNeverComesIsAnErrorWithAllOutput() {
        assertThatThrownBy(() ->
                        start("out this", "exit 1").awaitLine(line -> line.equals("that"), SOON))
                .isInstanceOf(GuestException.class)
                .hasMessageContaining("status 1")
                .hasMessageContaining("this");
    }

    @Test
    void theAgentAnswersWhileCommandsRun() {
        try (GuestProcess process = start("hang")) {
            assertThat(channel.answers(SOON)).isTrue();
            assertThat(process.pid()).isPositive();
        }
        assertThat(agent.signals()).containsExactly(GuestProcess.SIGTERM);
    }

    private GuestProcess start(String... orders) {
        return channel.start(GuestCommand.of(orders), OutputListener.NONE);
    }
}
