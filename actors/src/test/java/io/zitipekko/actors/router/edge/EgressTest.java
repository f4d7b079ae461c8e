package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Circuits that end in a TCP server: an SDK dials, the last router connects. */
final class EgressTest extends EdgeTestBase {
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        world.controllers.transport = "tcp:127.0.0.1:" + server.getLocalPort();
    }

    @AfterEach
    void stopListening() throws IOException {
        server.close();
    }

    /** The server's side of a dial that succeeds. */
    private Socket dial(TestSdk client) throws IOException {
        Message answer = client.connect(1, world.dialToken());
        assertThat(answer.contentType()).as(answer.bodyText()).isEqualTo(EdgeContentType.STATE_CONNECTED);
        Socket socket = server.accept();
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Test
    void bytesGoBothWaysUnchanged() throws Exception {
        TestSdk client = world.client();
        byte[] sent = new byte[8 << 20];
        new Random(3).nextBytes(sent);

        try (Socket socket = dial(client)) {
            CompletableFuture<Void> echo = CompletableFuture.runAsync(
                    () -> {
                        try {
                            socket.getInputStream().transferTo(socket.getOutputStream());
                            socket.shutdownOutput();
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    },
                    world.threads);
            world.threads.execute(() -> {
                pump(client, 1, ByteString.fromArray(sent));
                client.fin(1);
            });

            byte[] got = readToFin(client, sent.length);
            echo.join();
            assertThat(got).isEqualTo(sent);
        }
    }

    private static byte[] readToFin(TestSdk client, int size) {
        byte[] got = new byte[size];
        int at = 0;
        while (true) {
            Message message = client.next(1);
            assertThat(message.contentType()).as(message.bodyText()).isEqualTo(EdgeContentType.DATA);
            if (message.headers().int32(EdgeHeader.FLAGS).orElse(0) == 1) {
                return java.util.Arrays.copyOf(got, at);
            }
            byte[] part = message.bodyBytes();
            System.arraycopy(part, 0, got, at, part.length);
            at += part.length;
        }
    }

    @Test
    void finFromTheSdkEndsTheServersInputOnly() throws Exception {
        TestSdk client = world.client();

        try (Socket socket = dial(client)) {
            client.data(1, ByteString.fromString("question"));
            client.fin(1);

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("question");
            socket.getOutputStream().write("late answer".getBytes(StandardCharsets.UTF_8));
            assertThat(client.next(1).bodyText()).isEqualTo("late answer");
        }
    }

    @Test
    void theServersEndOfDataEndsTheSdksInputOnly() throws Exception {
        TestSdk client = world.client();

        try (Socket socket = dial(client)) {
            socket.getOutputStream().write("first words".getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();

            assertThat(client.next(1).bodyText()).isEqualTo("first words");
            assertThat(client.next(1).headers().int32(EdgeHeader.FLAGS)).hasValue(1);
            client.data(1, ByteString.fromString("still listening?"));
            assertThat(socket.getInputStream().readNBytes(16)).asString().isEqualTo("still listening?");
        }
    }

    @Test
    void whenBothHaveEndedTheCircuitGoesByItself() throws Exception {
        TestSdk client = world.client();

        try (Socket socket = dial(client)) {
            client.stateClosed(1);

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        await().atMost(TestSdk.SOON).untilAsserted(() -> {
            assertThat(world.dialRouter.edge.connectionCount()).isZero();
            assertThat(world.dialRouter.forwarder.destinationCount()).isOne();
            assertThat(world.hostRouter.forwarder.destinationCount()).isOne();
        });
    }

    @Test
    void aServerThatClosesClosesTheConnection() throws Exception {
        TestSdk client = world.client();

        Socket socket = dial(client);
        socket.setSoLinger(true, 0);
        socket.close();

        assertThat(lastOf(client, 1).bodyText()).isEqualTo("close called");
    }

    @Test
    void aServerThatDoesNotReadFillsItsOwnWindowOnly() throws Exception {
        TestSdk client = world.client();

        try (Socket socket = dial(client)) {
            CompletableFuture<Void> pumped = CompletableFuture.runAsync(
                    () -> pump(client, 1, ByteString.fromArray(new byte[24 << 20])), world.threads);
            await().atMost(TestSdk.SOON).until(() -> client.channel.other().isPaused());
            assertThat(pumped.isDone()).isFalse();

            socket.getInputStream().skipNBytes(24 << 20);

            pumped.join();
        }
    }

    @Test
    void aRefusedConnectionIsSaidToBeRefused() throws Exception {
        server.close();

        Message answer = world.client().connect(1, world.dialToken());

        assertRefused(answer, 1, 0, "Connection refused");
        assertTablesEmpty();
    }

    @Test
    void anAddressThatCannotBeDialledIsRefused() {
        world.controllers.transport = "carrier-pigeon:nowhere";
        assertRefused(world.client().connect(1, world.dialToken()), 1, 0, "carrier-pigeon");

        world.controllers.transport = "tcp:no-such-host.invalid:80";
        assertRefused(world.client().connect(1, world.dialToken()), 1, 0, "no-such-host.invalid");
    }

    private static void pump(TestSdk sdk, int id, ByteString data) {
        int chunk = 32 << 10;
        for (int at = 0; at < data.size(); at += chunk) {
            Message message = Message.of(
                    EdgeContentType.DATA,
                    io.zitipekko.transport.channel.Headers.builder()
                            .int32(EdgeHeader.CONN_ID, id)
                            .build(),
                    data.slice(at, Math.min(data.size(), at + chunk)));
            while (!sdk.channel.offer(io.zitipekko.transport.channel.Lane.DEFAULT, message)) {
                CompletableFuture<Void> room = new CompletableFuture<>();
                sdk.channel.whenWritable(io.zitipekko.transport.channel.Lane.DEFAULT, () -> room.complete(null));
                room.join();
            }
        }
    }
}
