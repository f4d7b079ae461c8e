package io.zitipekko.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.channel.ChannelFixture.Acceptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Channels with a peer that keeps to no rule: it harms its own channel at most (protocol/01 sections 4, 8 and 12). */
class HostileFramesTest {
    private static final String HELLO = "0306090c 00000000 01000000 0b000000 03000000 ea030000 03000000 746f6b 696431";
    private static final String PING = "0306090c 01000000 07000000 00000000 00000000";

    private static ChannelFixture fixture;

    private final Acceptor acceptor = new Acceptor();

    @BeforeAll
    static void start() {
        fixture = new ChannelFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "unknown content type,              0306090c ffffff7f 02000000 00000000 00000000",
        "negative content type,             0306090c ffffffff 02000000 00000000 00000000",
        "second hello,                      0306090c 00000000 02000000 00000000 03000000 696431",
        "result for nobody,                 0306090c 02000000 02000000 0c000000 00000000 01000000 04000000 63000000",
        "result without a reply-for,        0306090c 02000000 02000000 00000000 00000000",
        "reply-for of one byte,             0306090c 02000000 02000000 09000000 00000000 01000000 01000000 07",
        "reply-for of nine bytes,           0306090c 02000000 02000000 11000000 00000000 01000000 09000000"
                + " 070000000000000000",
        "the same header twice,             0306090c 05000000 02000000 20000000 00000000 05000000 08000000"
                + " 0100000000000000 05000000 08000000 0200000000000000",
        "heartbeat of three bytes,          0306090c 05000000 02000000 0b000000 00000000 05000000 03000000 010203",
        "heartbeat answer never asked for,  0306090c 05000000 02000000 10000000 00000000 06000000 08000000"
                + " ffffffffffffffff",
        "latency answer never asked for,    0306090c 04000000 02000000 00000000 00000000",
    })
    void whatMeansNothingIsDroppedAndTheChannelGoesOn(String what, String bytes) throws Exception {
        InetSocketAddress to = fixture.listen(ChannelKind.CONTROL, ChannelFixture.QUICK, acceptor);
        try (RawPeer peer = fixture.raw(to)) {
            peer.hex(HELLO + bytes + PING);

            Message answer = peer.receive();
            while (answer != null
                    && answer.headers().int32(ChannelHeaders.REPLY_FOR).orElse(-1) != 7) {
                answer = peer.receive();
            }

            assertThat(answer).as("the answer to a ping after it").isNotNull();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "bad marker,                      0306090e 00000000 02000000 00000000 00000000",
        "headers of 2^32-1 bytes,         0306090c 05000000 02000000 ffffffff 02000000",
        "body of 2^32-1 bytes,            0306090c 05000000 02000000 00000000 ffffffff",
        "lengths that add up to 1,        0306090c 05000000 02000000 ffffffff 02000000",
        "body over the cap,               0306090c 05000000 02000000 00000000 01000001",
        "header value past its end,       0306090c 05000000 02000000 09000000 00000000 05000000 ffffff7f 00",
        "left-over header bytes,          0306090c 05000000 02000000 03000000 00000000 000000",
    })
    void whatCannotBeReadEndsThatChannelAndNoOther(String what, String bytes) throws Exception {
        InetSocketAddress to = fixture.listen(ChannelKind.CONTROL, ChannelFixture.QUICK, acceptor);
        try (RawPeer good = fixture.raw(to);
                RawPeer bad = fixture.raw(to)) {
            good.hex(HELLO);
            assertThat(good.receive()).isNotNull();
            acceptor.next();
            bad.hex(HELLO);
            assertThat(bad.receive()).isNotNull();
            Channel attacked = acceptor.next();

            bad.hex(bytes);

            assertThat(RecordingHandler.of(attacked).closeReason()).isNotBlank();
            bad.rest();
            good.hex(PING);
            Message answer = good.receive();
            while (answer != null
                    && answer.headers().int32(ChannelHeaders.REPLY_FOR).orElse(-1) != 7) {
                answer = good.receive();
            }
            assertThat(answer).isNotNull();
        }
    }

    @Test
    void connectionsWithoutAHelloTakeTheirOwnAddressesPlacesOnly() throws Exception {
        ChannelOptions patient = new ChannelOptions(
                Duration.ofSeconds(60),
                1 << 20,
                1 << 20,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofMillis(1));
        InetSocketAddress to = fixture.listen(ChannelKind.EDGE, patient, acceptor);
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 1100; i++) {
                SocketChannel socket = SocketChannel.open(to);
                socket.configureBlocking(false);
                silent.add(socket);
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            silent.stream().filter(HostileFramesTest::isEnded).count() == 1100 - 1024);
            try (RawPeer good = new RawPeer(connectFrom("127.0.0.2", to))) {
                good.hex(HELLO);
                assertThat(good.receive()).isNotNull();
            }
        } finally {
            for (SocketChannel socket : silent) {
                socket.close();
            }
        }
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            try (RawPeer again = fixture.raw(to)) {
                again.hex(HELLO);
                assertThat(again.receive()).as("the places are free again").isNotNull();
            }
        });
    }

    private static boolean isEnded(SocketChannel socket) {
        try {
            return socket.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private static Socket connectFrom(String address, InetSocketAddress to) throws IOException {
        Socket socket = new Socket(to.getAddress(), to.getPort(), InetAddress.getByName(address), 0);
        socket.setSoTimeout(60_000);
        return socket;
    }
}
