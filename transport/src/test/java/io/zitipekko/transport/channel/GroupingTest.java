package io.zitipekko.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.channel.ChannelFixture.Acceptor;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Groups as a listener sees them (protocol/01 section 7, and S5 of section 13). */
class GroupingTest {
    private static final byte[] OLD_SECRET = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");

    private static ChannelFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new ChannelFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private final Acceptor acceptor = new Acceptor();

    private InetSocketAddress listen(ChannelKind kind) {
        return fixture.listen(kind, ChannelFixture.QUICK, acceptor);
    }

    private static Headers.Builder first(String type) {
        return Headers.builder()
                .string(ChannelHeaders.TYPE, type)
                .bool(ChannelHeaders.IS_GROUPED, true)
                .bool(ChannelHeaders.IS_FIRST_GROUP_CONNECTION, true);
    }

    private static Headers.Builder join(String type, Message result) {
        return Headers.builder()
                .string(ChannelHeaders.CONNECTION_ID, id(result))
                .string(ChannelHeaders.TYPE, type)
                .bool(ChannelHeaders.IS_GROUPED, true)
                .bytes(ChannelHeaders.GROUP_SECRET, secret(result));
    }

    private static String id(Message result) {
        return result.headers().string(ChannelHeaders.CONNECTION_ID).orElseThrow();
    }

    private static byte[] secret(Message result) {
        return result.headers().bytes(ChannelHeaders.GROUP_SECRET).orElseThrow();
    }

    @Test
    void firstUnderlayGetsIdSecretAndEchoes() throws Exception {
        try (RawPeer peer = fixture.raw(listen(ChannelKind.CONTROL))) {
            Message result = peer.hello(first("ctrl.default").build());

            assertThat(secret(result)).hasSize(16).isNotEqualTo(new byte[16]);
            assertThat(result.headers().string(ChannelHeaders.TYPE)).contains("ctrl.default");
            assertThat(result.headers().bool(ChannelHeaders.IS_GROUPED)).isTrue();
            assertThat(result.headers().int32(ChannelHeaders.REPLY_FOR)).hasValue(-1);
            assertThat(acceptor.next().connectionId()).isEqualTo(id(result));
        }
    }

    @Test
    void joinsWithTheSecretAndDrainsItsOwnLane() throws Exception {
        InetSocketAddress address = listen(ChannelKind.CONTROL);
        try (RawPeer one = fixture.raw(address);
                RawPeer two = fixture.raw(address)) {
            Message result = one.hello(first("ctrl.default").build());
            Channel channel = acceptor.next();
            Message joined = two.hello(join("ctrl.high", result).build());
            await().until(() -> channel.underlays().size() == 2);

            channel.send(Lane.HIGH, Message.of(1005, Headers.EMPTY, "high"));
            channel.send(Lane.DEFAULT, Message.of(1006, Headers.EMPTY, "default"));
            channel.send(Lane.LOW, Message.of(1013, Headers.EMPTY, "low"));

            assertThat(id(joined)).isEqualTo(id(result));
            assertThat(two.receive().bodyText()).isEqualTo("high");
            assertThat(nextNot(one, ContentTypes.HEARTBEAT).bodyText()).isEqualTo("default");
            assertThat(one.receive().bodyText()).isEqualTo("low");
            assertThat(acceptor.channels).isEmpty();
            assertThat(acceptor.hellos).hasValue(2);
            assertThat(channel.underlays()).extracting(UnderlayInfo::type).containsExactly("ctrl.default", "ctrl.high");
            assertThat(RecordingHandler.of(channel).changes).hasValue(1);
        }
    }

    private static Message nextNot(RawPeer peer, int type) throws Exception {
        Message message = peer.receive();
        return message.contentType() == type ? peer.receive() : message;
    }

    @Test
    void refusesAWrongSecretAfterTheResult() throws Exception {
        InetSocketAddress address = listen(ChannelKind.EDGE);
        try (RawPeer one = fixture.raw(address);
                RawPeer two = fixture.raw(address)) {
            Message result = one.hello(first("edge.default").build());
            Message joined = two.hello(join("edge.default", result)
                    .bytes(ChannelHeaders.GROUP_SECRET, new byte[16])
                    .build());

            assertThat(Results.isSuccess(joined)).isTrue();
            assertThat(two.receive()).isNull();
            assertThat(acceptor.next().underlays()).hasSize(1);
        }
    }

    @Test
    void refusesAJoinWithoutSecretAndDoesNotTellTheRightOne() throws Exception {
        InetSocketAddress address = listen(ChannelKind.EDGE);
        try (RawPeer one = fixture.raw(address);
                RawPeer two = fixture.raw(address)) {
            Message result = one.hello(first("edge.default").build());
            Message joined = two.hello(join("edge.default", result)
                    .remove(ChannelHeaders.GROUP_SECRET)
                    .build());

            assertThat(secret(joined)).isNotEqualTo(secret(result));
            assertThat(two.receive()).isNull();
        }
    }

    @Test
    void refusesAJoinThatProvedAnotherIdentity() throws Exception {
        InetSocketAddress address = listen(ChannelKind.EDGE);
        try (RawPeer one = fixture.raw(address);
                RawPeer two = fixture.raw(address)) {
            Message result = one.hello(first("edge.default").build());
            acceptor.decide = (hello, peer) -> CompletableFuture.completedFuture(Acceptor.accept("somebody else"));

            assertThat(two.hello(join("edge.default", result).build())).isNull();
            assertThat(acceptor.next().underlays()).hasSize(1);
        }
    }

    @Test
    void onlyHeader11CreatesAGroup() throws Exception {
        try (RawPeer peer = fixture.raw(listen(ChannelKind.EDGE))) {
            Headers stray = Headers.builder()
                    .string(ChannelHeaders.CONNECTION_ID, "nobody")
                    .bool(ChannelHeaders.IS_GROUPED, true)
                    .bytes(ChannelHeaders.GROUP_SECRET, OLD_SECRET)
                    .build();

            assertThat(peer.hello(stray)).isNull();
            assertThat(acceptor.channels).isEmpty();
        }
    }

    @Test
    void regroupKeepsIdAndSecretAndMayBeginWithTheHighType() throws Exception {
        try (RawPeer peer = fixture.raw(listen(ChannelKind.CONTROL))) {
            Message result = peer.hello(first("ctrl.high")
                    .string(ChannelHeaders.CONNECTION_ID, "base-1")
                    .bytes(ChannelHeaders.GROUP_SECRET, OLD_SECRET)
                    .build());

            assertThat(id(result)).isEqualTo("base-1");
            assertThat(secret(result)).isEqualTo(OLD_SECRET);
            assertThat(acceptor.next().isClosed()).isFalse();
        }
    }

    @Test
    void replacesASecretThatIsTooShortToBeOne() throws Exception {
        try (RawPeer peer = fixture.raw(listen(ChannelKind.CONTROL))) {
            Message result = peer.hello(first("ctrl.default")
                    .string(ChannelHeaders.CONNECTION_ID, "guessable")
                    .bytes(ChannelHeaders.GROUP_SECRET, new byte[] {1})
                    .build());

            assertThat(secret(result)).hasSize(16);
        }
    }

    @Test
    void aFirstUnderlayOfTheWrongTypeIsAnsweredAndClosed() throws Exception {
        try (RawPeer peer = fixture.raw(listen(ChannelKind.EDGE))) {
            Message result = peer.hello(first("edge.control").build());

            assertThat(Results.isSuccess(result)).isTrue();
            assertThat(peer.receive()).isNull();
            assertThat(RecordingHandler.of(acceptor.next()).closeReason()).contains("edge.control");
        }
    }

    @Test
    void losingTheLastDefaultUnderlayClosesALinkThoughAcksRemain() throws Exception {
        InetSocketAddress address = listen(ChannelKind.LINK);
        try (RawPeer one = fixture.raw(address);
                RawPeer two = fixture.raw(address);
                RawPeer acks = fixture.raw(address)) {
            Message result = one.hello(first("link.default").build());
            Channel channel = acceptor.next();
            RecordingHandler handler = RecordingHandler.of(channel);
            two.hello(join("link.default", result).build());
            acks.hello(join("link.ack", result).build());
            await().until(() -> channel.underlays().size() == 3);

            one.close();
            await().until(() -> channel.underlays().size() == 2);
            assertThat(channel.isClosed()).isFalse();
            two.close();

            assertThat(handler.closeReason()).isNotEmpty();
            assertThat(handler.closes).hasValue(1);
            assertThat(acks.rest()).isNotNull();
        }
    }

    @Test
    void aControlChannelLivesOnWithEitherUnderlayAndClosesWithTheLast() throws Exception {
        InetSocketAddress address = listen(ChannelKind.CONTROL);
        try (RawPeer one = fixture.raw(address);
                RawPeer two = fixture.raw(address)) {
            Message result = one.hello(first("ctrl.default").build());
            Channel channel = acceptor.next();
            two.hello(join("ctrl.high", result).build());
            await().until(() -> channel.underlays().size() == 2);

            one.close();
            await().until(() -> channel.underlays().size() == 1);
            assertThat(channel.isClosed()).isFalse();
            two.close();

            assertThat(RecordingHandler.of(channel).closeReason()).isNotEmpty();
        }
    }

    @Test
    void anIdIsFreeAgainWhenItsGroupHasClosed() throws Exception {
        InetSocketAddress address = listen(ChannelKind.EDGE);
        Headers created = first("edge.default")
                .string(ChannelHeaders.CONNECTION_ID, "again")
                .build();
        for (int i = 0; i < 2; i++) {
            try (RawPeer peer = fixture.raw(address)) {
                assertThat(Results.isSuccess(peer.hello(created))).isTrue();
                Channel channel = acceptor.next();
                peer.close();
                RecordingHandler.of(channel).closeReason();
            }
        }
    }
}
