package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.model.ApiSessionId;
import io.zitipekko.actors.model.PolicyType;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.CreateCircuitV2Request;
import io.zitipekko.transport.control.EdgeError;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorResult;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Response;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The edge side over channels in memory: SDKs on two routers that share a link, and a controller that routes as it is told. */
final class EdgeSideTest {
    private EdgeWorld world;

    @BeforeEach
    void start() {
        world = new EdgeWorld();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private static void awaitClosed(TestSdk sdk) {
        await().atMost(TestSdk.SOON).until(sdk.channel::isClosed);
    }

    private static Integer code(Message refusal) {
        return refusal.headers().has(EdgeHeader.ERROR_CODE)
                ? refusal.headers().int32(EdgeHeader.ERROR_CODE).getAsInt()
                : null;
    }

    private static void assertRefused(Message answer, Integer code, Integer hint, String text) {
        assertThat(answer.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(answer.bodyText()).contains(text);
        assertThat(code(answer)).isEqualTo(code);
        if (hint == null) {
            assertThat(answer.headers().has(EdgeHeader.STRUCTURED_ERROR)).isFalse();
        } else {
            assertThat(answer.headers().string(EdgeHeader.STRUCTURED_ERROR).orElseThrow())
                    .contains("\"retryHint\":" + hint)
                    .contains("\"code\":" + code);
        }
    }

    /** A bound host, with its terminator created. */
    private TestSdk boundHost() {
        TestSdk host = world.host();
        Message answer = host.bind(1, world.bindToken(), Headers.EMPTY);
        assertThat(answer.contentType()).isEqualTo(EdgeContentType.STATE_CONNECTED);
        assertThat(answer.headers().bool(EdgeHeader.ROUTER_PROVIDED_CONN_ID)).isTrue();
        assertThat(host.next(1).contentType()).isEqualTo(EdgeContentType.BIND_SUCCESS);
        return host;
    }

    /** A connection through both routers: what the client sees on id 1, the host on {@code child}. */
    private record Open(TestSdk client, TestSdk host, int child, Message answer) {}

    private Open open() {
        TestSdk host = boundHost();
        CompletableFuture<Integer> child = new CompletableFuture<>();
        host.acceptDials(child::complete);
        TestSdk client = world.client();
        Message answer = client.connect(1, world.dialToken());
        assertThat(answer.contentType())
                .as(answer.bodyText())
                .isEqualTo(EdgeContentType.STATE_CONNECTED);
        return new Open(client, host, child.join(), answer);
    }

    @Nested
    final class Hellos {
        @Test
        void helloWithoutATokenIsAcceptedAndThenClosed() {
            TestSdk sdk = world.dialRouter.open(null, world.clientLeaf);

            awaitClosed(sdk);
        }

        @Test
        void unknownTokenIsClosedAfterTheLookUpTime() {
            TestSdk sdk = world.dialRouter.open("nobody", world.clientLeaf);

            awaitClosed(sdk);
            assertThat(world.dialRouter.edge.channelCount()).isZero();
        }

        @Test
        void garbageThatLooksLikeAnAccessTokenIsClosed() {
            awaitClosed(world.dialRouter.open("eyJhbGciOiJub25lIn0.e30.", world.clientLeaf));
        }

        @Test
        void serviceSessionTokenInAHelloIsClosed() {
            awaitClosed(world.dialRouter.open(world.dialToken(), world.clientLeaf));
        }

        @Test
        void certificateOfAnotherIdentityIsClosed() {
            awaitClosed(world.dialRouter.open("client-token", world.hostLeaf));
        }

        @Test
        void firstUnderlayForControlOnlyIsClosed() {
            awaitClosed(world.dialRouter.open("client-token", world.clientLeaf, "edge.control"));
        }

        @Test
        void sessionThatIsAnnouncedAfterTheHelloIsAccepted() {
            TestSdk sdk = world.dialRouter.open("late-token", world.clientLeaf);

            world.dialRouter.announce("as-late", "late-token", "client", world.clientLeaf);

            assertThat(sdk.connect(1, "").contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
            assertThat(sdk.channel.isClosed()).isFalse();
        }

        @Test
        void certificateThatJoinsItsSessionAfterTheHelloIsAccepted() {
            TestSdk sdk = world.dialRouter.open("client-token", world.hostLeaf);

            world.dialRouter.announce("as-client", "client-token", "client", world.clientLeaf, world.hostLeaf);

            sdk.connect(1, "");
            assertThat(sdk.channel.isClosed()).isFalse();
        }

        @Test
        void certificateThatNamesTheSessionIsAccepted() {
            TestSdk sdk = world.dialRouter.open(
                    "client-token",
                    world.leafOf("/identity/client/apiSession/as-client/apiSessionCertificate/c1"));

            sdk.connect(1, "");
            assertThat(sdk.channel.isClosed()).isFalse();
        }

        @Test
        void certificateThatNamesAnotherSessionIsClosed() {
            awaitClosed(world.dialRouter.open(
                    "client-token",
                    world.leafOf("/identity/client/apiSession/as-other/apiSessionCertificate/c1")));
            awaitClosed(world.dialRouter.open("client-token", world.leafOf("/identity/client2")));
            awaitClosed(world.dialRouter.open("client-token", world.leafOf("/identity/client/apiSession")));
        }
    }

    @Nested
    final class Refusals {
        @Test
        void connectWithoutAConnectionIdIsRefused() {
            TestSdk client = world.client();

            Message answer = client.request(
                    Message.of(EdgeContentType.CONNECT, Headers.EMPTY, world.dialToken()));

            assertRefused(answer, null, null, "connId not set, required");
        }

        @Test
        void whateverIsNoServiceSessionsTokenIsAnUnknownService() {
            TestSdk client = world.client();

            for (String body : List.of("", UUID.randomUUID().toString(), "client-token", "svc", "ey.ey.ey", "ey")) {
                assertRefused(client.connect(1, body), 6, 0, "service not found: unable to get service token");
            }
        }

        @Test
        void tamperedTokenIsRefused() {
            String token = world.dialToken();
            String[] parts = token.split("\\.");
            String other = world.token("s", "as-client", "client", "Dial").split("\\.")[1];

            assertRefused(
                    world.client().connect(1, parts[0] + "." + other + "." + parts[2]),
                    3,
                    0,
                    "failed to create service token from JWT: ");
        }

        @Test
        void tokenOfAnotherApiSessionIsRefused() {
            assertRefused(
                    world.client().connect(1, world.token("s", "as-other", "client", "Dial")),
                    3,
                    0,
                    "does not match service session api session id");
        }

        @Test
        void theControllersRefusalIsPassedOnWithItsCodeHintAndCircuit() {
            world.controllers.refuse = request -> new EdgeError(
                    EdgeErrorCode.WRONG_SESSION_TYPE, RetryHint.START_OVER, "incorrect session type", "c1");

            Message answer = world.client().connect(1, world.dialToken());

            assertRefused(answer, 4, 2, "incorrect session type");
            assertThat(answer.headers().string(EdgeHeader.CIRCUIT_ID)).contains("c1");
        }

        @Test
        void withoutAControllerThereIsNoCircuit() {
            world.controllers.connected = false;

            assertRefused(
                    world.client().connect(1, world.dialToken()),
                    null,
                    null,
                    "no controller available, cannot create circuit");
        }

        @Test
        void connectionIdInUseIsRefusedAndTheFirstConnectionGoesOn() {
            Open open = open();

            Message answer = open.client.connect(1, world.dialToken());

            assertRefused(answer, null, null, "sink id 1 already in use");
            open.client.data(1, ByteString.fromString("still there"));
            assertThat(open.host.next(open.child).bodyText()).isEqualTo("still there");
        }

        @Test
        void dialWithoutASessionNeedsAnotherKindOfSession() {
            Message answer = world.client()
                    .request(Message.of(
                            EdgeContentType.CONNECT_V2,
                            Headers.builder()
                                    .int32(EdgeHeader.CONN_ID, 1)
                                    .string(EdgeHeader.SERVICE_ID, "svc")
                                    .build(),
                            ""));

            assertRefused(answer, null, null, "connect-v2 requires an OIDC API session");
        }

        @Test
        void tokenUpdateIsRefusedAndClosesTheChannel() {
            TestSdk client = world.client();

            Message answer = client.request(Message.of(EdgeContentType.UPDATE_TOKEN, Headers.EMPTY, "ey"));

            assertThat(answer.contentType()).isEqualTo(EdgeContentType.UPDATE_TOKEN_FAILURE);
            assertThat(code(answer)).isEqualTo(12);
            awaitClosed(client);
        }

        @Test
        void messagesThatMeanNothingAreDropped() {
            TestSdk client = world.client();
            for (int type : List.of(
                    424242,
                    EdgeContentType.DIAL,
                    EdgeContentType.DATA,
                    EdgeContentType.STATE_CLOSED,
                    EdgeContentType.XG_PAYLOAD,
                    EdgeContentType.XG_ACKNOWLEDGEMENT,
                    EdgeContentType.XG_CONTROL,
                    EdgeContentType.XG_CLOSE,
                    EdgeContentType.TRACE_ROUTE,
                    EdgeContentType.BIND,
                    EdgeContentType.UNBIND)) {
                client.send(Message.of(type, Headers.EMPTY, ""));
                client.send(Message.of(
                        type, Headers.builder().int32(EdgeHeader.CONN_ID, 4711).build(), ""));
            }

            assertRefused(client.connect(1, ""), 6, 0, "service not found");
        }

        @Test
        void bindWithADialTokenIsRefused() {
            TestSdk host = world.host();

            assertRefused(
                    host.bind(1, world.token("s", "as-host", "host", "Dial"), Headers.EMPTY),
                    null,
                    null,
                    "rejecting bind, invalid session type. expected Bind, got Dial");
            assertRefused(host.bind(1, "nonsense", Headers.EMPTY), null, null, "token is malformed");
            assertRefused(
                    host.bind(1, world.token("s", "as-client", "host", "Bind"), Headers.EMPTY),
                    null,
                    null,
                    "does not match");
        }

        @Test
        void bindOutOfRangeOrWithoutAKeyForAnEncryptedServiceIsRefused() {
            TestSdk host = world.host();
            assertRefused(
                    host.bind(
                            1,
                            world.bindToken(),
                            Headers.builder().uint8(EdgeHeader.PRECEDENCE, 9).build()),
                    9,
                    3,
                    "invalid precedence 9");

            world.model.service("svc", true);

            assertRefused(host.bind(1, world.bindToken(), Headers.EMPTY), 11, 2, "encryption required");
        }

        @Test
        void unbindNeedsAValidTokenAndAnswersNothingElse() {
            TestSdk host = world.host();
            Headers id = Headers.builder().int32(EdgeHeader.CONN_ID, 99).build();

            assertRefused(
                    host.request(Message.of(EdgeContentType.UNBIND, id, "nonsense")), null, null, "token is malformed");
            host.send(Message.of(EdgeContentType.UNBIND, id, world.bindToken()));
            assertRefused(host.connect(5, ""), 6, 0, "service not found");
            assertThat(host.isSilent(99)).isTrue();
        }
    }

    @Nested
    final class Connections {
        @Test
        void theRequestCarriesWhoDialsAndWhatForTheHost() {
            Open open = open();

            CreateCircuitV2Request asked = world.controllers.asked.get(0);
            assertThat(asked.apiSessionToken()).isEqualTo("client-token");
            assertThat(asked.fingerprints()).hasSize(1);
            assertThat(asked.peerData().string(EdgeHeader.CALLER_ID)).contains("a caller");
            assertThat(asked.peerData().string(1115)).contains("client");
            assertThat(asked.peerData().string(1116)).contains("name of client");
            assertThat(open.answer.headers().string(EdgeHeader.CIRCUIT_ID)).contains("circuit-1");
            assertThat(open.child).isNegative();
        }

        @Test
        void theDialNamesListenerDialerAndToken() {
            TestSdk host = boundHost();
            CompletableFuture<Message> dialled = new CompletableFuture<>();
            host.onDial(dialled::complete);
            world.client().channel.request(
                    Lane.HIGH,
                    TestSdk.connectMessage(1, world.dialToken(), Headers.EMPTY),
                    TestSdk.SOON);

            Message dial = dialled.join();

            assertThat(dial.headers().int32(EdgeHeader.CONN_ID)).hasValue(1);
            assertThat(dial.headers().string(EdgeHeader.CALLER_ID)).contains("a caller");
            assertThat(dial.headers().bytes(EdgeHeader.APP_DATA).orElseThrow()).containsExactly(1, 2, 3);
            assertThat(dial.headers().string(EdgeHeader.DIALER_IDENTITY_ID)).contains("client");
            assertThat(dial.headers().string(EdgeHeader.DIALER_IDENTITY_NAME)).contains("name of client");
            assertThat(dial.headers().string(EdgeHeader.CIRCUIT_ID)).contains("circuit-1");
            assertThat(dial.bodyText()).startsWith("ey");
        }

        @Test
        void aHundredMegabytesArriveUnchangedBothWays() throws Exception {
            Open open = open();
            int size = 100 << 20;
            Receiver atHost = new Receiver(size);
            Receiver atClient = new Receiver(size);
            open.host.onConnection(open.child, atHost::accept);
            open.client.onConnection(1, atClient::accept);

            CompletableFuture<String> up =
                    CompletableFuture.supplyAsync(() -> pump(open.client, 1, size, 1), world.threads);
            CompletableFuture<String> down =
                    CompletableFuture.supplyAsync(() -> pump(open.host, open.child, size, 2), world.threads);

            assertThat(atHost.done.get(60, TimeUnit.SECONDS)).isEqualTo(up.join());
            assertThat(atClient.done.get(60, TimeUnit.SECONDS)).isEqualTo(down.join());
        }

        @Test
        void finHalfClosesAndTheOtherWayGoesOn() {
            Open open = open();

            open.client.data(1, ByteString.fromString("last words"));
            open.client.fin(1);

            assertThat(open.host.next(open.child).bodyText()).isEqualTo("last words");
            Message fin = open.host.next(open.child);
            assertThat(fin.body().isEmpty()).isTrue();
            assertThat(fin.headers().int32(EdgeHeader.FLAGS)).hasValue(1);
            open.host.data(open.child, ByteString.fromString("not mine"));
            assertThat(open.client.next(1).bodyText()).isEqualTo("not mine");
        }

        @Test
        void flagsAndTraceIdsTravelWithTheData() {
            Open open = open();

            open.client.send(Message.of(
                    EdgeContentType.DATA,
                    Headers.builder()
                            .int32(EdgeHeader.CONN_ID, 1)
                            .int32(EdgeHeader.FLAGS, 0x0104)
                            .bytes(EdgeHeader.UUID, new byte[16])
                            .int32(EdgeHeader.SEQ, 7)
                            .build(),
                    "x"));

            Message arrived = open.host.next(open.child);
            assertThat(arrived.headers().int32(EdgeHeader.FLAGS)).hasValue(0x0104);
            assertThat(arrived.headers().bytes(EdgeHeader.UUID)).isPresent();
            assertThat(arrived.headers().has(EdgeHeader.SEQ)).isFalse();
        }

        @Test
        void closingOneEndClosesTheOtherAfterItsData() {
            Open open = open();

            open.client.data(1, ByteString.fromString("bye"));
            open.client.stateClosed(1);

            assertThat(open.host.next(open.child).bodyText()).isEqualTo("bye");
            Message next = open.host.next(open.child);
            while (next.contentType() == EdgeContentType.DATA) {
                assertThat(next.body().isEmpty()).isTrue();
                next = open.host.next(open.child);
            }
            assertThat(next.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
            assertThat(next.bodyText()).isEqualTo("close called");
        }

        @Test
        void theHostMaySpeakFirstAndCloseFirst() {
            TestSdk host = boundHost();
            host.onDial(dial -> {
                int child = dial.headers().int32(EdgeHeader.ROUTER_PROVIDED_CONN_ID).orElseThrow();
                host.channel.reply(
                        Lane.HIGH, dial, TestSdk.dialSuccess(dial, child));
                host.data(child, ByteString.fromString("welcome"));
                host.stateClosed(child);
            });
            TestSdk client = world.client();

            client.connect(1, world.dialToken());

            assertThat(client.next(1).bodyText()).isEqualTo("welcome");
        }

        @Test
        void aHostThatRefusesGivesItsReasonToTheDialer() {
            TestSdk host = boundHost();
            host.onDial(dial -> host.channel.reply(
                    Lane.HIGH,
                    dial,
                    Message.of(
                            EdgeContentType.DIAL_FAILED,
                            Headers.builder().int32(EdgeHeader.CONN_ID, 1).build(),
                            "not today")));

            Message answer = world.client().connect(1, world.dialToken());

            assertRefused(answer, 1, 0, "error: (not today)");
            assertTablesEmpty();
        }

        @Test
        void aHostThatKeepsSilentIsGivenUp() {
            boundHost();

            Message answer = world.client().connect(1, world.dialToken());

            assertRefused(answer, 1, 0, "timed out waiting for the host");
            assertTablesEmpty();
        }

        @Test
        void aTerminatorThatIsNotHereIsRefused() {
            TestSdk host = boundHost();
            world.controllers.onCreate = request -> null;
            host.channel.close("gone");
            world.controllers.connected = true;

            Message answer = world.client().connect(1, world.dialToken());

            assertThat(answer.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
            assertThat(code(answer)).isEqualTo(1);
        }

        @Test
        void anSdkThatChoosesItsOwnIdsGetsAStartSignal() {
            TestSdk host = world.host();
            host.request(Message.of(
                    EdgeContentType.BIND,
                    Headers.builder().int32(EdgeHeader.CONN_ID, 1).build(),
                    world.bindToken()));
            await().atMost(TestSdk.SOON).until(() -> !world.controllers.terminators().isEmpty());
            CompletableFuture<Message> start = new CompletableFuture<>();
            host.onDial(dial -> {
                Message success = TestSdk.dialSuccess(dial, 42);
                host.channel.expectReply(success, start);
                host.channel.reply(Lane.HIGH, dial, success);
            });
            TestSdk client = world.client();

            Message answer = client.connect(1, world.dialToken());

            assertThat(answer.contentType()).isEqualTo(EdgeContentType.STATE_CONNECTED);
            assertThat(start.join().contentType()).isEqualTo(EdgeContentType.STATE_CONNECTED);
            assertThat(start.join().headers().int32(EdgeHeader.CONN_ID)).hasValue(1);
            client.data(1, ByteString.fromString("hello"));
            assertThat(host.next(42).bodyText()).isEqualTo("hello");
        }

        @Test
        void traceRouteIsAnsweredHereOrByTheFarEnd() {
            Open open = open();

            for (int hops : new int[] {0, 50}) {
                Message answer = open.client.request(Message.of(
                        EdgeContentType.TRACE_ROUTE,
                        Headers.builder()
                                .int32(EdgeHeader.CONN_ID, 1)
                                .int32(EdgeHeader.TRACE_HOP_COUNT, hops)
                                .uint64(EdgeHeader.TIMESTAMP, 99)
                                .build(),
                        ""));

                assertThat(answer.contentType()).isEqualTo(EdgeContentType.TRACE_ROUTE_RESPONSE);
                assertThat(answer.headers().string(EdgeHeader.TRACE_HOP_TYPE)).contains("xgress/edge");
                assertThat(answer.headers().uint64(EdgeHeader.TIMESTAMP)).hasValue(99);
            }
        }

        @Test
        void aConnectionThatIsNotReadHoldsUpNoOther() throws Exception {
            TestSdk host = boundHost();
            LinkedBlockingQueue<Integer> children = new LinkedBlockingQueue<>();
            host.acceptDials(children::add);
            TestSdk client = world.client();
            client.connect(1, world.dialToken());
            int stuck = children.take();
            client.connect(2, world.dialToken());
            int lively = children.take();

            // Nobody reads at the client: the host sends until the windows are full.
            TestSdk reader = client;
            client.channel.pauseReading();
            AtomicLong sent = new AtomicLong();
            world.threads.execute(() -> {
                ByteString chunk = ByteString.fromArray(new byte[32 << 10]);
                for (int i = 0; i < 1024 && !host.channel.isClosed(); i++) {
                    host.data(stuck, chunk);
                    sent.addAndGet(chunk.size());
                }
            });
            await().atMost(TestSdk.SOON).until(() -> host.channel.other().isPaused());
            assertThat(host.channel.isClosed()).isFalse();

            // The other direction of the same channels, and other connections from the client, still work.
            client.data(2, ByteString.fromString("ping"));
            assertThat(host.next(lively).bodyText()).isEqualTo("ping");

            reader.channel.resumeReading();
            await().atMost(TestSdk.SOON).until(() -> sent.get() == 32L << 20);
            long got = 0;
            while (got < sent.get()) {
                got += client.next(1).body().size();
            }
            assertThat(got).isEqualTo(sent.get());
        }

        @Test
        void losingAChannelFreesEverything() {
            Open open = open();

            open.client.channel.close("gone");

            Message next = open.host.next(open.child);
            while (next.contentType() == EdgeContentType.DATA) {
                next = open.host.next(open.child);
            }
            assertThat(next.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
            open.host.channel.close("gone, too");
            assertTablesEmpty();
            await().atMost(TestSdk.SOON).untilAsserted(() -> {
                assertThat(world.controllers.terminators()).isEmpty();
                assertThat(world.hostRouter.edge.terminatorCount()).isZero();
            });
        }

        private void assertTablesEmpty() {
            await().atMost(TestSdk.SOON).untilAsserted(() -> {
                assertThat(world.dialRouter.edge.connectionCount()).isZero();
                assertThat(world.hostRouter.edge.connectionCount()).isZero();
                // The link is what stays.
                assertThat(world.dialRouter.forwarder.destinationCount()).isOne();
                assertThat(world.hostRouter.forwarder.destinationCount()).isOne();
            });
        }
    }

    @Nested
    final class LostRights {
        @Test
        void removedServiceSessionClosesItsConnectionsAndCannotDialAgain() {
            Open open = open();

            world.dialRouter.edge.sessionEvents().onServiceSessionsRemoved(List.of(), List.of("dial-session"));

            Message closed = open.client.next(1);
            assertThat(closed.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
            assertThat(closed.bodyText()).isEqualTo("session closed");
            assertRefused(open.client.connect(2, world.dialToken()), 3, 2, "invalid session");
            assertThat(open.client.channel.isClosed()).isFalse();
            assertThat(lastOf(open.host, open.child).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        }

        @Test
        void removedBindSessionEndsTheListenerAndWhatItServes() {
            Open open = open();

            world.hostRouter.edge.sessionEvents().onServiceSessionsRemoved(List.of(), List.of("bind-session"));

            assertRefused(open.host.next(1), 3, 2, "session ended");
            assertThat(lastOf(open.host, open.child).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
            assertThat(lastOf(open.client, 1).bodyText()).isEqualTo("close called");
            await().atMost(TestSdk.SOON).until(() -> world.controllers.terminators().isEmpty());
            assertRefused(open.host.bind(2, world.bindToken(), Headers.EMPTY), null, null, "invalid session");
        }

        @Test
        void removedApiSessionClosesTheChannel() {
            Open open = open();

            world.dialRouter.apiSessions.remove(List.of("client-token"), List.of());

            awaitClosed(open.client);
            assertThat(open.host.channel.isClosed()).isFalse();
            awaitClosed(world.client());
        }

        @Test
        void removedApiSessionByIdClosesTheChannel() {
            TestSdk client = world.client();
            client.connect(1, "");

            world.dialRouter.apiSessions.remove(List.of(), List.of(new ApiSessionId("as-client")));

            awaitClosed(client);
        }

        @Test
        void disabledIdentityClosesTheChannelAtOnce() {
            Open open = open();

            world.model.identity("client", true);

            awaitClosed(open.client);
            assertThat(open.host.channel.isClosed()).isFalse();
        }

        @Test
        void deletedIdentityClosesTheChannelAtOnce() {
            Open open = open();

            world.model.removeIdentity("host");

            awaitClosed(open.host);
        }

        @Test
        void lostDialRightClosesTheConnectionButNotTheChannel() {
            Open open = open();

            world.model.forbid("client", "svc", PolicyType.DIAL);

            Message closed = open.client.next(1);
            assertThat(closed.bodyText()).isEqualTo("dial access lost");
            assertThat(open.client.channel.isClosed()).isFalse();
        }

        @Test
        void lostBindRightEndsTheListener() {
            Open open = open();

            world.model.forbid("host", "svc", PolicyType.BIND);

            assertRefused(open.host.next(1), 3, 2, "session ended");
            assertThat(lastOf(open.client, 1).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        }

        @Test
        void aModelThatLagsBehindTakesNothingAway() {
            world.model.forbid("client", "svc", PolicyType.DIAL);
            Open open = open();

            world.model.changed(RouterDataModel.Change.EVERYTHING);
            open.client.data(1, ByteString.fromString("still"));

            assertThat(open.host.next(open.child).bodyText()).isEqualTo("still");
        }

        private Message lastOf(TestSdk sdk, int id) {
            Message next = sdk.next(id);
            while (next.contentType() == EdgeContentType.DATA) {
                next = sdk.next(id);
            }
            return next;
        }
    }

    @Nested
    final class Hosting {
        @Test
        void theTerminatorCarriesKeyCostAndPrecedence() {
            TestSdk host = world.host();

            host.bind(
                    1,
                    world.bindToken(),
                    Headers.builder()
                            .bytes(EdgeHeader.PUBLIC_KEY, new byte[32])
                            .uint16(EdgeHeader.COST, 700)
                            .uint8(EdgeHeader.PRECEDENCE, 1)
                            .build());
            host.next(1);

            var terminator = world.controllers.terminator(
                    world.controllers.terminators().get(0));
            assertThat(terminator.getCost()).isEqualTo(700);
            assertThat(terminator.getPrecedenceValue()).isEqualTo(1);
            assertThat(terminator.getPeerDataMap()).containsKey(EdgeHeader.PUBLIC_KEY);
            assertThat(terminator.getApiSessionToken()).isEqualTo("host-token");
        }

        @Test
        void aNewerListenerOfTheSameIdTakesTheTerminatorOver() {
            Headers listener =
                    Headers.builder().bytes(EdgeHeader.LISTENER_ID, new byte[] {7}).build();
            TestSdk first = world.host();
            first.bind(1, world.bindToken(), listener);
            first.next(1);
            String id = world.controllers.terminators().get(0);
            TestSdk second = world.host();

            second.bind(3, world.bindToken(), listener);

            assertRefused(first.next(1), 1, 0, "found a newer terminator for listener id");
            assertThat(second.next(3).contentType()).isEqualTo(EdgeContentType.BIND_SUCCESS);
            assertThat(world.controllers.terminators()).containsExactly(id);
        }

        @Test
        void theSameBindTwiceIsAnsweredAndMakesNoSecondTerminator() {
            Headers listener =
                    Headers.builder().bytes(EdgeHeader.LISTENER_ID, new byte[] {7}).build();
            TestSdk host = world.host();
            String token = world.bindToken();
            host.bind(1, token, listener);
            host.next(1);

            Message again = host.bind(1, token, listener);

            assertThat(again.contentType()).isEqualTo(EdgeContentType.STATE_CONNECTED);
            assertThat(world.controllers.terminators()).hasSize(1);
        }

        @Test
        void unbindRemovesTheTerminator() {
            TestSdk host = boundHost();

            host.send(Message.of(
                    EdgeContentType.UNBIND,
                    Headers.builder().int32(EdgeHeader.CONN_ID, 1).build(),
                    world.bindToken()));

            await().atMost(TestSdk.SOON).until(() -> world.controllers.terminators().isEmpty());
        }

        @Test
        void aControllerThatComesBackIsToldOfAllTerminators() {
            boundHost();
            int before = world.controllers.created.get();

            world.controllers.reconnect();

            await().atMost(TestSdk.SOON).until(() -> world.controllers.created.get() > before);
        }

        @Test
        void aBusyControllerIsAskedAgain() {
            world.controllers.onCreate = request -> world.controllers.created.get() > 1
                    ? null
                    : CreateTerminatorV2Response.newBuilder()
                            .setTerminatorId(request.getAddress())
                            .setResult(CreateTerminatorResult.FAILED_BUSY)
                            .build();

            boundHost();

            assertThat(world.controllers.created.get()).isEqualTo(2);
        }

        @Test
        void aControllersRefusalEndsTheListener() {
            world.controllers.onCreate = request -> CreateTerminatorV2Response.newBuilder()
                    .setTerminatorId(request.getAddress())
                    .setResult(CreateTerminatorResult.FAILED_OTHER)
                    .setErrorCode(13)
                    .setRetryHint(3)
                    .setMsg("instance id taken")
                    .build();
            TestSdk host = world.host();

            host.bind(1, world.bindToken(), Headers.EMPTY);

            assertRefused(host.next(1), 13, 3, "instance id taken");
        }

        @Test
        void anSdkThatDoesNotKnowTheListenerLosesIt() {
            TestSdk host = world.host();
            host.bind(
                    1,
                    world.bindToken(),
                    Headers.builder().bool(EdgeHeader.SUPPORTS_INSPECT, true).build());
            host.next(1);

            Message question = host.next(1);
            assertThat(question.contentType()).isEqualTo(EdgeContentType.CONN_INSPECT_REQUEST);
            host.channel.reply(
                    Lane.HIGH,
                    question,
                    Message.of(
                            EdgeContentType.CONN_INSPECT_RESPONSE,
                            Headers.builder().uint8(EdgeHeader.CONN_TYPE, 0).build(),
                            "invalid conn id [1]"));

            await().atMost(TestSdk.SOON).until(() -> world.controllers.terminators().isEmpty());
        }

        @Test
        void withoutAControllerThereIsNoBind() {
            TestSdk host = world.host();
            host.connect(9, "");
            world.controllers.connected = false;

            assertRefused(
                    host.bind(1, world.bindToken(), Headers.EMPTY),
                    null,
                    null,
                    "no controller available, cannot create terminator");
        }
    }

    /** Sends so many bytes in messages of 16 KiB as the channel takes them; the digest of what was sent. */
    private static String pump(TestSdk sdk, int id, int size, long seed) {
        byte[] block = new byte[1 << 20];
        new Random(seed).nextBytes(block);
        MessageDigest digest = sha256();
        int chunk = 16 << 10;
        for (int at = 0; at < size; at += chunk) {
            ByteString body = ByteString.fromArray(block, at % block.length, chunk);
            digest.update(block, at % block.length, chunk);
            Message message = Message.of(
                    EdgeContentType.DATA, Headers.builder().int32(EdgeHeader.CONN_ID, id).build(), body);
            while (!sdk.channel.offer(Lane.DEFAULT, message)) {
                CompletableFuture<Void> room = new CompletableFuture<>();
                sdk.channel.whenWritable(
                        Lane.DEFAULT, () -> room.complete(null));
                room.join();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Digests what arrives until it is complete. */
    private static final class Receiver {
        final CompletableFuture<String> done = new CompletableFuture<>();
        private final MessageDigest digest = sha256();
        private final int size;
        private int got;

        Receiver(int size) {
            this.size = size;
        }

        void accept(Message message) {
            if (message.contentType() != EdgeContentType.DATA) {
                done.completeExceptionally(new AssertionError("closed after " + got + ": " + message.bodyText()));
                return;
            }
            digest.update(message.bodyBytes());
            got += message.body().size();
            if (got >= size) {
                done.complete(HexFormat.of().formatHex(digest.digest()));
            }
        }
    }
}
