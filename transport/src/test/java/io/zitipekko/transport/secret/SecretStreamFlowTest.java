package io.zitipekko.transport.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.GraphDSL;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SecretStreamFlowTest {
    private static ActorTestKit kit;

    private final KeyExchange dialer = KeyExchange.generate();
    private final KeyExchange host = KeyExchange.generate();

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void whatIsEncryptedOnOneSideIsReadOnTheOther() throws Exception {
        // host echoes; dialer ~> wire ~> host
        Flow<ByteString, ByteString, ?> echo =
                SecretStreamFlow.of(hostKeys()).reversed().join(Flow.create());

        List<ByteString> answers = Source.from(List.of(text("a"), text(""), text("bc")))
                .via(SecretStreamFlow.of(dialerKeys()).join(echo))
                .runWith(Sink.seq(), kit.system())
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);

        assertThat(answers).containsExactly(text("a"), text("bc"));
    }

    @Test
    void theHeaderGoesFirstAndEachElementIsOneMessage() throws Exception {
        List<ByteString> wire = run(Source.from(List.of(text("a"), text("bcd"))));

        assertThat(wire).extracting(ByteString::size).containsExactly(24, 18, 20);
    }

    @Test
    void theHeaderIsSentEvenIfNothingFollows() throws Exception {
        assertThat(run(Source.empty())).extracting(ByteString::size).containsExactly(24);
    }

    @Test
    void anEmptyWireEndsCleanly() throws Exception {
        assertThat(receive(Source.empty())).isEmpty();
    }

    @Test
    void anythingThatIsNotTheNextGenuineMessageFailsTheStage() throws Exception {
        List<ByteString> wire = run(Source.from(List.of(text("one"), text("two"), text("three"))));

        assertThat(receive(Source.from(wire))).containsExactly(text("one"), text("two"), text("three"));
        assertFails(List.of(wire.get(0), wire.get(2)));
        assertFails(List.of(wire.get(0), wire.get(1), wire.get(1)));
        assertFails(List.of(wire.get(0), wire.get(2), wire.get(1)));
        assertFails(List.of(wire.get(1), wire.get(2)));
        assertFails(List.of(wire.get(0), text("plain text, silently downgraded")));
    }

    private void assertFails(List<ByteString> wire) {
        assertThat(Source.from(wire)
                        .concat(Source.maybe())
                        .via(receiver())
                        .runWith(Sink.ignore(), kit.system())
                        .toCompletableFuture())
                .failsWithin(60, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(SecretStreamException.class);
    }

    /** What the dialer's side puts on the wire for this plain text. */
    private List<ByteString> run(Source<ByteString, ?> plain) throws Exception {
        return plain.viaMat(
                        SecretStreamFlow.of(dialerKeys())
                                .join(
                                        Flow.fromSinkAndSourceMat(
                                                Sink.<ByteString>seq(), Source.<ByteString>empty(), Keep.left()),
                                        Keep.right()),
                        Keep.right())
                .to(Sink.ignore())
                .run(kit.system())
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private List<ByteString> receive(Source<ByteString, ?> wire) throws Exception {
        return wire.via(receiver())
                .runWith(Sink.seq(), kit.system())
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    /** The receiving half of the host's side. */
    private Flow<ByteString, ByteString, ?> receiver() {
        return Flow.fromGraph(GraphDSL.create(builder -> {
            BidiShape<ByteString, ByteString, ByteString, ByteString> stage =
                    builder.add(SecretStreamFlow.of(hostKeys()));
            builder.from(builder.add(Source.<ByteString>maybe())).toInlet(stage.in1());
            builder.from(stage.out1()).to(builder.add(Sink.<ByteString>ignore()));
            return FlowShape.of(stage.in2(), stage.out2());
        }));
    }

    private SessionKeys dialerKeys() {
        return dialer.asDialer(host.publicKey());
    }

    private SessionKeys hostKeys() {
        return host.asHost(dialer.publicKey());
    }

    private static ByteString text(String text) {
        return ByteString.fromString(text);
    }
}
