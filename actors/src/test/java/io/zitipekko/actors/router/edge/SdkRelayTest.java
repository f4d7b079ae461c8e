package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.PayloadFlags;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** Circuits that end in the SDKs themselves: the routers pass their messages on and know when they are over. */
final class SdkRelayTest extends EdgeTestBase {
    private static final Headers RELAYED =
            Headers.builder().bool(EdgeHeader.USE_XGRESS_TO_SDK, true).build();

    /** Both ends in SDKs; what the client sees on id 1, the host on {@code child}. */
    private Open relayed() {
        TestSdk host = world.host();
        host.bind(1, world.bindToken(), RELAYED);
        host.next(1);
        CompletableFuture<Message> dialled = new CompletableFuture<>();
        host.onDial(dial -> {
            dialled.complete(dial);
            host.channel.reply(
                    Lane.HIGH,
                    dial,
                    TestSdk.dialSuccess(
                            dial,
                            dial.headers()
                                    .int32(EdgeHeader.ROUTER_PROVIDED_CONN_ID)
                                    .orElseThrow()));
        });
        TestSdk client = world.client();
        Message answer = client.request(TestSdk.connectMessage(1, world.dialToken(), RELAYED));
        assertThat(answer.contentType()).as(answer.bodyText()).isEqualTo(EdgeContentType.STATE_CONNECTED);
        Headers dial = dialled.join().headers();
        assertThat(dial.bool(EdgeHeader.USE_XGRESS_TO_SDK)).isTrue();
        assertThat(dial.string(EdgeHeader.XGRESS_CTRL_ID)).contains("ctrl1");
        assertThat(dial.string(EdgeHeader.XGRESS_ADDRESS)).contains("circuit-1-egress");
        return new Open(
                client, host, dial.int32(EdgeHeader.ROUTER_PROVIDED_CONN_ID).orElseThrow(), answer);
    }

    private static Message payload(int sequence, ByteString body) {
        return new Payload(new CircuitId("circuit-1"), sequence, 0, 5, Headers.EMPTY, body).toMessage();
    }

    private static Message payload(int flags, String body) {
        return new Payload(new CircuitId("circuit-1"), 0, flags, 5, Headers.EMPTY, ByteString.fromString(body))
                .toMessage();
    }

    @Test
    void theAnswerNamesCircuitControllerAndAddress() {
        Headers answer = relayed().answer().headers();

        assertThat(answer.bool(EdgeHeader.USE_XGRESS_TO_SDK)).isTrue();
        assertThat(answer.string(EdgeHeader.XGRESS_CTRL_ID)).contains("ctrl1");
        assertThat(answer.string(EdgeHeader.XGRESS_ADDRESS)).contains("circuit-1-ingress");
        assertThat(answer.string(EdgeHeader.CIRCUIT_ID)).contains("circuit-1");
    }

    @Test
    void payloadsArePassedOnWithTheOtherSidesConnectionId() {
        Open open = relayed();

        open.client().send(payload(PayloadFlags.CIRCUIT_START, "hello"));
        Message atHost = open.host().next(open.child());
        open.host().send(payload(PayloadFlags.ORIGINATOR, "welcome"));
        Message atClient = open.client().next(1);

        assertThat(atHost.bodyText()).isEqualTo("hello");
        assertThat(Payload.from(atHost).flags()).isEqualTo(PayloadFlags.CIRCUIT_START);
        assertThat(atClient.bodyText()).isEqualTo("welcome");
    }

    @Test
    void aCircuitOfAnotherChannelCannotBeReached() {
        Open open = relayed();
        world.dialRouter.announce("as-other", "other-token", "client", world.clientLeaf);
        TestSdk other = world.dialRouter.open("other-token", world.clientLeaf);

        other.send(payload(PayloadFlags.CIRCUIT_START, "intruder"));
        other.send(Message.of(EdgeContentType.XG_CLOSE, Headers.EMPTY, "circuit-1"));
        other.connect(9, "");
        open.client().send(payload(PayloadFlags.CIRCUIT_START, "mine"));

        assertThat(open.host().next(open.child()).bodyText()).isEqualTo("mine");
    }

    /** So many payloads of 32 KiB are on their way to it. */
    private Open relayedToAHostThatReadsNothing(int payloads) {
        Open open = relayed();
        ByteString body = ByteString.fromArray(new byte[32 << 10]);
        open.host().channel.pauseReading();
        for (int i = 0; i < payloads; i++) {
            open.client().send(payload(i, body));
        }
        await().atMost(TestSdk.SOON)
                .until(() -> world.hostRouter.forwarder.counters().messages() >= payloads);
        return open;
    }

    @Test
    void whatAnSdkHasNoRoomForWaitsAndComesInOrder() {
        Open open = relayedToAHostThatReadsNothing(128);

        open.host().channel.resumeReading();

        for (int i = 0; i < 128; i++) {
            assertThat(Payload.from(open.host().next(open.child())).sequence()).isEqualTo(i);
        }
        assertThat(world.hostRouter.forwarder.counters().dropped()).isZero();
    }

    @Test
    void anSdkThatReadsNothingHoldsNoMoreThanAWindowAndNoNeighbourOfItsLink() {
        Open open = relayedToAHostThatReadsNothing(512);

        open.host().channel.resumeReading();

        assertThat(world.hostRouter.forwarder.counters().dropped()).isBetween(512 - 224L, 512 - 160L);
        assertThat(Payload.from(open.host().next(open.child())).sequence()).isZero();
    }

    @Test
    void whatWaitsForAnSdkThatLosesItsRightIsNotPassedOn() {
        Open open = relayedToAHostThatReadsNothing(512);

        world.hostRouter.edge.sessionEvents().onServiceSessionsRemoved(List.of(), List.of("bind-session"));
        await().atMost(TestSdk.SOON).until(() -> !world.hostRouter.endedCircuits.isEmpty());
        open.host().channel.resumeReading();

        int passedOn = 0;
        while (open.host().next(open.child()).contentType() != EdgeContentType.STATE_CLOSED) {
            passedOn++;
        }
        // What its lane and the sockets held; a window more would be 160 of them.
        assertThat(passedOn).isLessThan(128);
    }

    @Test
    void closeFromTheSdkEndsTheCircuit() {
        Open open = relayed();

        open.client().send(Message.of(EdgeContentType.XG_CLOSE, Headers.EMPTY, "circuit-1"));

        await().atMost(TestSdk.SOON).until(() -> !world.dialRouter.endedCircuits.isEmpty());
        world.hostRouter.forwarder.removeDrained(java.time.Duration.ZERO);
        Message closed = open.host().next(open.child());
        assertThat(closed.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(closed.bodyText()).isEqualTo("xgress unrouted");
    }

    @Test
    void aLostServiceSessionEndsIt() {
        Open open = relayed();

        world.dialRouter.edge.sessionEvents().onServiceSessionsRemoved(List.of(), List.of("dial-session"));

        assertThat(open.client().next(1).bodyText()).isEqualTo("xgress unrouted");
        assertThat(world.dialRouter.edge.connectionCount()).isZero();
    }
}
