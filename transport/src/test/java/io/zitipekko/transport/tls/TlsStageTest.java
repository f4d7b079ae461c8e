package io.zitipekko.transport.tls;

import static io.zitipekko.transport.tls.TlsTestSystem.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.TestPki;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two stages back to back without sockets, with the bytes between them cut or spoilt at will. */
class TlsStageTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final TestPki PKI = new TestPki("net");
    private static final Identity SERVER = PKI.node("server");
    private static final Identity CLIENT = PKI.node("client");

    private static ActorSystem system;

    @BeforeAll
    static void start() {
        system = TlsTestSystem.start();
    }

    @AfterAll
    static void stop() {
        TlsTestSystem.stop(system);
    }

    private static BidiFlow<ByteString, ByteString, ByteString, ByteString, TlsLifecycle> client() {
        return TlsStage.of(() -> SslEngines.client(CLIENT, "localhost", 1, List.of("x")), TIMEOUT);
    }

    private static BidiFlow<ByteString, ByteString, ByteString, ByteString, TlsLifecycle> server() {
        TlsServerProtocol protocol = new TlsServerProtocol(
                Set.of("x"), () -> SERVER, ClientAuth.REQUIRE, TlsServerProtocol::admitEveryone, peer -> Flow.create());
        return TlsStage.server(
                hello -> SslEngines.server(protocol, "x", SERVER.serverChains().get(0)), TIMEOUT);
    }

    /** Client, wire, echoing server. */
    private static Flow<ByteString, ByteString, TlsLifecycle> echo(
            Flow<ByteString, ByteString, NotUsed> towardsServer, Flow<ByteString, ByteString, NotUsed> towardsClient) {
        return client().atop(BidiFlow.fromFlows(towardsServer, towardsClient))
                .atop(server().reversed())
                .join(Flow.create());
    }

    private static Pair<TlsLifecycle, CompletionStage<ByteString>> run(
            Source<ByteString, ?> plain, Flow<ByteString, ByteString, TlsLifecycle> connection) {
        return plain.viaMat(connection, Keep.right())
                .toMat(Sink.fold(ByteString.emptyByteString(), ByteString::concat), Keep.both())
                .run(system);
    }

    private static Flow<ByteString, ByteString, NotUsed> cut(int size) {
        return Flow.of(ByteString.class).mapConcat(bytes -> {
            List<ByteString> pieces = new ArrayList<>();
            for (int at = 0; at < bytes.size(); at += size) {
                pieces.add(bytes.slice(at, Math.min(bytes.size(), at + size)));
            }
            return pieces;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 100, 1000, 16_384, 40_000})
    void doesNotCareWhereTheWireIsCut(int size) {
        ByteString plain = ByteString.fromArray(new byte[size < 10 ? 3_000 : 200_000]);

        var run = run(Source.single(plain), echo(cut(size), cut(size)));

        assertThat(await(run.second()).size()).isEqualTo(plain.size());
        assertThat(await(run.first().handshake()).version()).isEqualTo("TLSv1.3");
        await(run.first().terminated());
    }

    @Test
    void failsOnASpoiltRecordAndSaysSoToBothSides() {
        int[] records = {0};
        Flow<ByteString, ByteString, NotUsed> spoiling = Flow.of(ByteString.class)
                .map(bytes -> {
                    records[0]++;
                    if (bytes.size() < 60_000) {
                        return bytes;
                    }
                    byte[] spoilt = bytes.toArray();
                    spoilt[1000] ^= 1;
                    return ByteString.fromArray(spoilt);
                });

        var run = run(Source.single(ByteString.fromArray(new byte[64 * 1024])), echo(spoiling, Flow.create()));

        assertThatThrownBy(() -> await(run.second()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("bad_record_mac");
        assertThat(records[0]).isPositive();
    }

    @Test
    void carriesNothingBeforeTheHandshakeHasEnded() {
        // A wire that swallows everything towards the client: the handshake cannot end.
        var run = Source.repeat(ByteString.fromString("x"))
                .viaMat(
                        TlsStage.of(() -> SslEngines.client(CLIENT, "localhost", 1, List.of()), Duration.ofMillis(200))
                                .join(Flow.fromSinkAndSource(Sink.ignore(), Source.maybe())),
                        Keep.right())
                .toMat(Sink.head(), Keep.both())
                .run(system);

        assertThatThrownBy(() -> await(run.first().handshake()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("within 200 ms");
        assertThatThrownBy(() -> await(run.second())).isInstanceOf(TlsException.class);
        await(run.first().terminated());
    }

    @Test
    void failsWhenThePeerGoesAwayDuringTheHandshake() {
        var lifecycle = Source.<ByteString>maybe()
                .viaMat(client().join(Flow.fromSinkAndSource(Sink.ignore(), Source.empty())), Keep.right())
                .to(Sink.ignore())
                .run(system);

        assertThatThrownBy(() -> await(lifecycle.handshake()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("during the TLS handshake");
    }

    @Test
    void failsWhenTheEngineCannotBeMade() {
        var lifecycle = Source.<ByteString>maybe()
                .viaMat(
                        TlsStage.of(
                                        () -> {
                                            throw new IllegalStateException("no key");
                                        },
                                        TIMEOUT)
                                .join(Flow.create()),
                        Keep.right())
                .to(Sink.ignore())
                .run(system);

        assertThatThrownBy(() -> await(lifecycle.handshake()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("no key");
    }

    @Test
    void joinsManySmallWritesIntoFewRecords() {
        int[] toServer = {0};
        Flow<ByteString, ByteString, NotUsed> counting = Flow.of(ByteString.class)
                .map(bytes -> {
                    toServer[0] += bytes.size();
                    return bytes;
                });
        ByteString rope = ByteString.emptyByteString();
        for (int i = 0; i < 2_000; i++) {
            rope = rope.concat(ByteString.fromArray(new byte[20]));
        }
        int plain = rope.size();

        var run = run(Source.single(rope), echo(counting, Flow.create()));

        assertThat(await(run.second()).size()).isEqualTo(plain);
        assertThat(toServer[0]).as("2000 pieces must not be 2000 records").isLessThan(plain + 10_000);
    }
}
