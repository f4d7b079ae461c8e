package io.zitipekko.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zitipekko.sdk.auth.Credentials;
import io.zitipekko.sdk.dial.DialOptions;
import io.zitipekko.sdk.dial.OutgoingConnection;
import io.zitipekko.sdk.host.IncomingConnection;
import io.zitipekko.sdk.host.ServiceBinding;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.edge.StructuredError;
import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.PayloadFlags;
import io.zitipekko.transport.xgress.XgressOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SDK against a small controller and a small router of the test, over real TLS. */
class ZitiContextTest {
    private static final ZitiOptions FAST = new ZitiOptions(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofMillis(20),
            Duration.ofMillis(200));

    private static ActorTestKit kit;
    private static TestKeys keys;

    private final List<ZitiContext> contexts = new ArrayList<>();
    private FakeController controller;
    private FakeRouter router;

    @BeforeAll
    static void startSystem() {
        kit = ActorTestKit.create();
        keys = new TestKeys();
    }

    @AfterAll
    static void stopSystem() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void startNetwork() throws Exception {
        controller = new FakeController(keys);
        router = new FakeRouter(kit.system(), keys);
        controller.routers.put("router-1", router.url());
        controller.services.put("echo", true);
        controller.services.put("plain", false);
    }

    @AfterEach
    void stopNetwork() throws Exception {
        for (ZitiContext context : contexts) {
            get(context.close());
        }
        router.close();
        controller.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "plain"})
    void whatIsDialedReachesTheHostAndItsAnswerComesBack(String service) throws Exception {
        host(service, Flow.create());
        ZitiContext dialer = connect();

        Pair<CompletionStage<OutgoingConnection>, CompletionStage<ByteString>> run = Source.from(
                        List.of(text("hello "), text("ziti")))
                .viaMat(dialer.outgoingConnection(service), Keep.right())
                .toMat(collect(), Keep.both())
                .run(kit.system());

        OutgoingConnection connection = get(run.first());
        assertThat(get(run.second()).utf8String()).isEqualTo("hello ziti");
        assertThat(connection.service()).isEqualTo(service);
        assertThat(connection.router()).isEqualTo("router-1");
        assertThat(connection.circuitId()).startsWith("circuit-");
        assertThat(connection.encrypted()).isEqualTo(service.equals("echo"));
        boolean readable = router.data.stream().anyMatch(m -> m.bodyText().contains("hello"));
        assertThat(readable).as("plain text at the router").isEqualTo(service.equals("plain"));
    }

    @Test
    void theFirstMessageOfAnEncryptedDirectionIsTheStreamHeader() throws Exception {
        host("echo", Flow.create());

        roundTrip(connect(), "echo", "x");

        assertThat(router.data).extracting(m -> m.body().size()).containsOnly(24, 18, 0);
        assertThat(router.data.get(0).body().size()).isEqualTo(24);
    }

    @Test
    void manyMegabytesSurviveBothWaysWholeAndInOrder() throws Exception {
        host("echo", Flow.create());
        byte[] content = new byte[6 << 20];
        new Random(1).nextBytes(content);

        ByteString echoed = get(Source.range(0, 95)
                .map(i -> ByteString.fromArray(content, i << 16, 1 << 16))
                .via(connect().outgoingConnection("echo"))
                .runWith(collect(), kit.system()));

        assertThat(echoed.toArray()).isEqualTo(content);
    }

    @Test
    void theHostMaySpeakFirst() throws Exception {
        host("echo", Flow.fromSinkAndSource(Sink.ignore(), Source.single(text("welcome"))));

        ByteString greeting = get(Source.<ByteString>maybe()
                .via(connect().outgoingConnection("echo"))
                .runWith(collect(), kit.system()));

        assertThat(greeting.utf8String()).isEqualTo("welcome");
    }

    @Test
    void afterItsHalfCloseTheDialerStillReceives() throws Exception {
        // Answers only when all of the request has come.
        host(
                "echo",
                Flow.of(ByteString.class)
                        .fold(ByteString.emptyByteString(), ByteString::concat)
                        .map(all -> text("got " + all.size())));

        assertThat(roundTrip(connect(), "echo", "12345")).isEqualTo("got 5");
    }

    @Test
    void theHostLearnsWhoCallsAndWhatItWasTold() throws Exception {
        CompletableFuture<IncomingConnection> seen = new CompletableFuture<>();
        ZitiContext host = connect();
        get(host.bind("echo")
                .to(Sink.foreach(connection -> {
                    seen.complete(connection);
                    connection.handleWith(Flow.create(), kit.system());
                }))
                .run(kit.system()));

        get(Source.single(text("x"))
                .via(connect().outgoingConnection("echo", DialOptions.DEFAULTS.withAppData(text("{}"))))
                .runWith(collect(), kit.system()));

        IncomingConnection connection = get(seen);
        assertThat(connection.callerId()).isEqualTo("client");
        assertThat(connection.dialerIdentityName()).hasValue("client");
        assertThat(connection.appData().utf8String()).isEqualTo("{}");
        assertThat(connection.encrypted()).isTrue();
        assertThat(connection.router()).isEqualTo("router-1");
    }

    @Test
    void aSlowReaderHoldsBackTheWriterAndLosesNothing() throws Exception {
        host(
                "plain",
                Flow.fromSinkAndSource(
                        Sink.ignore(),
                        Source.repeat(ByteString.fromArray(new byte[32 << 10])).take(2000)));
        SinkQueueWithCancel<ByteString> reader = Source.<ByteString>maybe()
                .via(connect().outgoingConnection("plain"))
                .runWith(Sink.queue(1), kit.system());

        await().until(() -> router.backlog() > 100);
        long total = 0;
        Optional<ByteString> next;
        while ((next = get(reader.pull())).isPresent()) {
            total += next.get().size();
        }

        assertThat(total).isEqualTo(2000L * (32 << 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "plain"})
    void whereTheRouterOffersItAConnectionIsTheEndOfItsCircuitItself(String service) throws Exception {
        router.letsCircuitsEndInSdks = true;
        host(service, Flow.create());
        byte[] content = new byte[6 << 20];
        new Random(2).nextBytes(content);

        Pair<CompletionStage<OutgoingConnection>, CompletionStage<ByteString>> run = Source.range(0, 95)
                .map(i -> ByteString.fromArray(content, i << 16, 1 << 16))
                .viaMat(connect().outgoingConnection(service), Keep.right())
                .toMat(collect(), Keep.both())
                .run(kit.system());

        assertThat(get(run.first()).ownFlowControl()).isTrue();
        assertThat(get(run.second()).toArray()).isEqualTo(content);
        assertThat(router.data).isEmpty();
        List<Payload> payloads = payloads();
        assertThat(payloads.get(0).has(PayloadFlags.CIRCUIT_START)).isTrue();
        assertThat(payloads).anyMatch(p -> p.has(PayloadFlags.ORIGINATOR));
        assertThat(payloads).anyMatch(p -> p.has(PayloadFlags.EOF));
        await("an end says that it has left")
                .until(() -> router.xgress.stream().anyMatch(m -> m.contentType() == EdgeContentType.XG_CLOSE));
    }

    @Test
    void aReaderThatStopsLeavesItsChannelToOthersWhenItEndsItsCircuit() throws Exception {
        router.letsCircuitsEndInSdks = true;
        host(
                "plain",
                Flow.fromSinkAndSource(
                        Sink.ignore(),
                        Source.repeat(ByteString.fromArray(new byte[32 << 10])).take(2000)));
        host("echo", Flow.create());
        ZitiContext dialer = connect();
        SinkQueueWithCancel<ByteString> reader = Source.<ByteString>maybe()
                .via(dialer.outgoingConnection("plain"))
                .runWith(Sink.queue(1), kit.system());
        await().until(() -> bytesOf(payloads()) > XgressOptions.SDK.receiveBuffer() / 2);

        assertThat(roundTrip(dialer, "echo", "x".repeat(1 << 20))).hasSize(1 << 20);

        assertThat(router.channels).hasSize(3);
        assertThat(bytesOf(payloads())).isLessThan(3L * XgressOptions.SDK.receiveBuffer());
        long total = 0;
        Optional<ByteString> next;
        while ((next = get(reader.pull())).isPresent()) {
            total += next.get().size();
        }
        assertThat(total).isEqualTo(2000L * (32 << 10));
    }

    @Test
    void ownFlowControlCanBeTurnedOffByEitherSide() throws Exception {
        router.letsCircuitsEndInSdks = true;
        host("echo", Flow.create());

        OutgoingConnection connection = get(Source.single(text("in data mode"))
                .viaMat(
                        connect().outgoingConnection("echo", DialOptions.DEFAULTS.withOwnFlowControl(false)),
                        Keep.right())
                .to(Sink.ignore())
                .run(kit.system()));

        assertThat(connection.ownFlowControl()).isFalse();
        assertThat(router.connects.get(0).headers().bool(EdgeHeader.USE_XGRESS_TO_SDK))
                .isFalse();
        await().until(() -> !router.data.isEmpty());
        assertThat(router.xgress).isEmpty();
    }

    @Test
    void aCircuitTakenAwayByItsRouterFailsItsConnectionWithTheReason() throws Exception {
        router.letsCircuitsEndInSdks = true;
        host("echo", Flow.create());
        Pair<SourceQueueWithComplete<ByteString>, SinkQueueWithCancel<ByteString>> open = open(connect(), "echo");
        get(open.first().offer(text("x")));
        get(open.second().pull());

        router.cutConnections("xgress unrouted");

        assertThatThrownBy(() -> get(open.second().pull()))
                .hasMessageContaining("service 'echo'")
                .hasMessageContaining("xgress unrouted");
    }

    @Test
    void aContextThatClosesTellsItsPeersThatThisWasAll() throws Exception {
        router.letsCircuitsEndInSdks = true;
        CompletableFuture<ByteString> received = new CompletableFuture<>();
        host(
                "echo",
                Flow.fromSinkAndSource(
                        collect()
                                .mapMaterializedValue(all -> all.whenComplete((bytes, failure) -> {
                                    if (failure == null) {
                                        received.complete(bytes);
                                    } else {
                                        received.completeExceptionally(failure);
                                    }
                                })),
                        Source.empty()));
        ZitiContext dialer = connect();
        Source.repeat(ByteString.fromArray(new byte[32 << 10]))
                .take(64)
                .concat(Source.maybe())
                .via(dialer.outgoingConnection("echo"))
                .to(Sink.ignore())
                .run(kit.system());
        await().until(() -> bytesOf(payloads()) > 64 * (32 << 10));

        get(dialer.close());

        assertThat(get(received).size()).isEqualTo(64 * (32 << 10));
    }

    private List<Payload> payloads() {
        return router.xgress.stream()
                .filter(m -> m.contentType() == EdgeContentType.XG_PAYLOAD)
                .map(Payload::from)
                .toList();
    }

    private static long bytesOf(List<Payload> payloads) {
        return payloads.stream().mapToLong(p -> p.body().size()).sum();
    }

    @Test
    void aServiceThatRequiresEncryptionIsNotSpokenToWithoutTheHostsKey() throws Exception {
        host("echo", Flow.create());
        router.withholdHostKey = true;

        assertThatThrownBy(() -> roundTrip(connect(), "echo", "in the clear?"))
                .rootCause()
                .isInstanceOf(ZitiException.class)
                .hasMessageContaining("service 'echo'")
                .hasMessageContaining("router 'router-1'")
                .hasMessageContaining("no public key");
        assertThat(router.data).noneMatch(m -> m.bodyText().contains("in the clear"));
        await().until(() -> !router.closes.isEmpty());
    }

    @Test
    void aRefusalNamesServiceRouterAndCode() {
        ZitiContext dialer = connect();

        assertThatThrownBy(() -> roundTrip(dialer, "echo", "x"))
                .rootCause()
                .isInstanceOf(ZitiException.class)
                .hasMessageContaining("dial of service 'echo' by router 'router-1' refused")
                .hasMessageContaining("has no terminators")
                .hasMessageContaining("code 1");
        assertThat(router.connects).hasSize(1);
    }

    @Test
    void aRefusedSessionIsReplacedAndTheDialTriedOnceMore() throws Exception {
        host("echo", Flow.create());
        ZitiContext dialer = connect();
        roundTrip(dialer, "echo", "x");
        long sessionsBefore = count("POST /sessions");
        router.refusals.add(StructuredError.of(EdgeErrorCode.INVALID_SESSION, RetryHint.START_OVER, "invalid session"));

        assertThat(roundTrip(dialer, "echo", "again")).isEqualTo("again");

        assertThat(count("POST /sessions")).isEqualTo(sessionsBefore + 1);
    }

    @Test
    void aDialWhoseChannelIsClosedInSilenceIsTriedOnAnother() throws Exception {
        host("echo", Flow.create());
        router.closesAtNextConnect = true;

        assertThat(roundTrip(connect(), "echo", "x")).isEqualTo("x");

        assertThat(router.connects).hasSize(2);
    }

    @Test
    void anUnknownServiceAndAMissingPermissionAreSaidAtOnce() {
        ZitiContext dialer = connect();
        controller.permissions = "[\"Bind\"]";

        assertThatThrownBy(() -> roundTrip(dialer, "nothing", "x"))
                .rootCause()
                .hasMessageContaining("service 'nothing' does not exist");
        assertThatThrownBy(() -> roundTrip(dialer, "echo", "x"))
                .rootCause()
                .hasMessageContaining("no policy lets this identity dial it");
    }

    @Test
    void aRefusalIsToldAlsoWhenTheStreamWasCancelledBefore() {
        CompletionStage<OutgoingConnection> refused = Source.<ByteString>maybe()
                .viaMat(connect().outgoingConnection("nothing"), Keep.right())
                .to(Sink.cancelled())
                .run(kit.system());

        assertThatThrownBy(() -> get(refused))
                .rootCause()
                .isInstanceOf(ZitiException.class)
                .hasMessageContaining("service 'nothing' does not exist");
    }

    @Test
    void aConnectionWhoseStreamWasCancelledDuringTheDialIsClosedOnceItIsThere() throws Exception {
        host("echo", Flow.create());

        CompletionStage<OutgoingConnection> dialed = Source.<ByteString>empty()
                .viaMat(connect().outgoingConnection("echo"), Keep.right())
                .to(Sink.cancelled())
                .run(kit.system());

        assertThat(get(dialed).service()).isEqualTo("echo");
        await().untilAsserted(() -> assertThat(router.closes).isNotEmpty());
    }

    @Test
    void anExpiredApiSessionIsReplacedByANewLogIn() throws Exception {
        ZitiContext context = connect();
        controller.tokens.clear();

        assertThat(get(context.services())).hasSize(2);

        assertThat(count("POST /authenticate")).isEqualTo(2);
    }

    @Test
    void theApiSessionIsRefreshedBeforeItExpires() {
        controller.expirationSeconds = 1;

        connect();

        await().untilAsserted(
                        () -> assertThat(count("GET /current-api-session")).isPositive());
    }

    @Test
    void aPasswordLogInUsesACertificateOfTheSessionForRouters() throws Exception {
        host("echo", Flow.create());
        ZitiContext dialer = get(ZitiContext.connect(
                kit.system(), keys.clientFile(controller.uri()), new Credentials.Password("me", "secret"), FAST));
        contexts.add(dialer);

        assertThat(roundTrip(dialer, "echo", "by password")).isEqualTo("by password");

        assertThat(count("POST /current-api-session/certificates")).isEqualTo(1);
        assertThatThrownBy(() -> get(ZitiContext.connect(
                        kit.system(),
                        keys.clientFile(controller.uri()),
                        new Credentials.Password("me", "wrong"),
                        FAST)))
                .rootCause()
                .hasMessageContaining("INVALID_AUTH")
                .hasMessageNotContaining("wrong\"");
    }

    @Test
    void helloCarriesTheSessionTokenOnly() throws Exception {
        host("echo", Flow.create());

        assertThat(router.hellos.get(0).headers().string(EdgeHeader.SESSION_TOKEN))
                .hasValue("token-1");
        assertThat(router.hellos.get(0).token()).isEqualTo("client-id");
    }

    @Test
    void aConnectionCutByItsRouterFailsWithTheReason() throws Exception {
        host("echo", Flow.create());
        Pair<SourceQueueWithComplete<ByteString>, SinkQueueWithCancel<ByteString>> open = open(connect(), "echo");
        get(open.first().offer(text("x")));
        assertThat(get(open.second().pull())).hasValue(text("x"));

        router.cutConnections("dial access lost");

        assertThatThrownBy(() -> get(open.second().pull()))
                .rootCause()
                .isInstanceOf(ZitiException.class)
                .hasMessageContaining("dial access lost")
                .hasMessageContaining("service 'echo'");
    }

    @Test
    void theLossOfTheRouterFailsItsConnectionsAndTheHostBindsAgain() throws Exception {
        ServiceBinding binding = host("echo", Flow.create());
        ZitiContext dialer = connect();
        Pair<SourceQueueWithComplete<ByteString>, SinkQueueWithCancel<ByteString>> open = open(dialer, "echo");
        get(open.first().offer(text("x")));
        get(open.second().pull());
        int bindsBefore = router.binds.get();

        // The dialer's first: the loss of the host's would close the connection in good order.
        for (Channel channel : newestFirst(router.channels)) {
            channel.close("router restarts");
        }

        assertThatThrownBy(() -> get(open.second().pull())).rootCause().hasMessageContaining("router 'router-1'");
        await().untilAsserted(() -> assertThat(router.binds.get()).isGreaterThan(bindsBefore));
        await().untilAsserted(() -> assertThat(binding.routers()).containsExactly("router-1"));
        assertThat(roundTrip(dialer, "echo", "again")).isEqualTo("again");
    }

    private static List<Channel> newestFirst(List<Channel> channels) {
        List<Channel> reversed = new ArrayList<>(channels);
        Collections.reverse(reversed);
        return reversed;
    }

    @Test
    void aServiceIsBoundToSeveralRouters() throws Exception {
        try (FakeRouter second = new FakeRouter(kit.system(), keys)) {
            controller.routers.put("router-2", second.url());

            ServiceBinding binding = host("echo", Flow.create());

            await().untilAsserted(
                            () -> assertThat(binding.routers()).containsExactlyInAnyOrder("router-1", "router-2"));
            get(binding.unbind());
        }
    }

    @Test
    void unbindingTakesTheListenerBackAndCompletesTheSource() throws Exception {
        ZitiContext host = connect();
        Pair<CompletionStage<ServiceBinding>, CompletionStage<Done>> run =
                host.bind("echo").toMat(Sink.ignore(), Keep.both()).run(kit.system());
        ServiceBinding binding = get(run.first());
        assertThat(router.hosts).containsKey("echo");

        get(binding.unbind());

        get(run.second());
        await().until(() -> router.hosts.isEmpty());
    }

    @Test
    void cancellingTheSourceUnbinds() throws Exception {
        ZitiContext host = connect();
        Pair<CompletionStage<ServiceBinding>, UniqueKillSwitch> run = host.bind("echo")
                .viaMat(KillSwitches.single(), Keep.both())
                .to(Sink.ignore())
                .run(kit.system());
        ServiceBinding binding = get(run.first());

        run.second().shutdown();

        get(binding.whenUnbound());
        await().until(() -> router.hosts.isEmpty());
    }

    @Test
    void aBindWithoutAnyReachableRouterFailsWithItsName() throws Exception {
        controller.routers.put("router-1", "tls://localhost:1");

        assertThatThrownBy(() -> host("echo", Flow.create())).rootCause().hasMessageContaining("Connection refused");
        assertThatThrownBy(() -> host("echo", Flow.create())).hasMessageContaining("router 'router-1'");
    }

    @Test
    void closingTheContextLogsOutAndClosesItsChannels() throws Exception {
        host("echo", Flow.create());
        ZitiContext context = contexts.get(0);

        get(context.close());

        assertThat(controller.tokens).isEmpty();
        await().until(() -> router.channels.isEmpty());
        assertThatThrownBy(() -> get(context.services())).rootCause().hasMessageContaining("closed");
    }

    // ---- helpers

    private ZitiContext connect() {
        ZitiContext context = ZitiContext.connect(kit.system(), keys.clientFile(controller.uri()), FAST)
                .toCompletableFuture()
                .join();
        contexts.add(context);
        return context;
    }

    private ServiceBinding host(String service, Flow<ByteString, ByteString, ?> handler) throws Exception {
        return get(connect()
                .bind(service)
                .to(Sink.foreach(connection -> connection.handleWith(handler, kit.system())))
                .run(kit.system()));
    }

    private String roundTrip(ZitiContext dialer, String service, String request) throws Exception {
        return get(Source.single(text(request))
                        .via(dialer.outgoingConnection(service))
                        .runWith(collect(), kit.system()))
                .utf8String();
    }

    private Pair<SourceQueueWithComplete<ByteString>, SinkQueueWithCancel<ByteString>> open(
            ZitiContext dialer, String service) {
        return Source.<ByteString>queue(16, OverflowStrategy.backpressure())
                .via(dialer.outgoingConnection(service))
                .toMat(Sink.queue(), Keep.both())
                .run(kit.system());
    }

    private long count(String call) {
        return controller.requests.stream().filter(call::equals).count();
    }

    private static Sink<ByteString, CompletionStage<ByteString>> collect() {
        return Sink.fold(ByteString.emptyByteString(), ByteString::concat);
    }

    private static ByteString text(String text) {
        return ByteString.fromString(text, StandardCharsets.UTF_8);
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new CompletionException(ZitiException.unwrapped(e.getCause()).getMessage(), e.getCause());
        }
    }
}
