package io.zitipekko.actors.log.artery;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.typesafe.config.ConfigFactory;
import io.zitipekko.actors.log.CallId;
import io.zitipekko.actors.log.ModelActor;
import io.zitipekko.actors.log.ModelWriterActor;
import io.zitipekko.actors.log.PeerMessage;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.writer.BuiltIns;
import io.zitipekko.fuzz.Bounds;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages between controllers: refused as the serializer promises, or what was read is what is written again. */
class PeerMessageFuzzTest {
    private static final ActorSystem<Void> SYSTEM = ActorSystem.create(
            Behaviors.empty(),
            "fuzz",
            ConfigFactory.parseString("pekko.actor.provider = local").withFallback(ConfigFactory.load()));
    private static final PeerMessageSerializer SERIALIZER =
            new PeerMessageSerializer((ExtendedActorSystem) Adapter.toClassic(SYSTEM));

    @AfterAll
    static void stop() {
        SYSTEM.terminate();
    }

    /** Each kind of message, its manifest before it. */
    static Stream<byte[]> messages() {
        CallId call = new CallId(7, 9);
        Proposal proposal =
                new Proposal(BuiltIns.proposal().changes().stream().limit(2).toList(), Proposal.Author.CONTROLLER);
        return Stream.<PeerMessage>of(
                        new RaftPeerActor.Request(
                                RaftOperation.values()[0], new byte[] {1, 2, 3}, Adapter.toTyped(classicDeadLetters())),
                        new RaftPeerActor.Answer(new byte[] {4}, Optional.of("fault")),
                        new RaftPeerActor.Answer(new byte[0], Optional.empty()),
                        new ModelWriterActor.Submit(call, proposal, Adapter.toTyped(classicDeadLetters())),
                        new ModelActor.Refused(
                                call,
                                ModelException.Kind.CONFLICT,
                                "name is taken",
                                Optional.of("name"),
                                Optional.of(List.of("a", "b"))),
                        new ModelActor.NotLeading(call))
                .map(message -> {
                    byte[] manifest = SERIALIZER.manifest(message).getBytes(StandardCharsets.US_ASCII);
                    byte[] body = SERIALIZER.toBinary(message);
                    byte[] seed = Arrays.copyOf(manifest, manifest.length + body.length);
                    System.arraycopy(body, 0, seed, manifest.length, body.length);
                    return seed;
                });
    }

    private static org.apache.pekko.actor.ActorRef classicDeadLetters() {
        return Adapter.toClassic(SYSTEM).deadLetters();
    }

    @MethodSource("messages")
    @FuzzTest
    void aMessageOfAnotherControllerComesBackOrIsRefused(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        String manifest = new String(bytes, 0, 1, StandardCharsets.ISO_8859_1);
        byte[] body = Arrays.copyOfRange(bytes, 1, bytes.length);
        Bounds.hold(bytes.length, () -> {
            Object message;
            try {
                message = SERIALIZER.fromBinary(body, manifest);
            } catch (NotSerializableException refused) {
                assertThat(refused.getMessage()).contains("message '" + manifest + "'");
                return;
            }
            byte[] once = SERIALIZER.toBinary(message);
            assertThat(SERIALIZER.manifest(message)).isEqualTo(manifest);
            try {
                assertThat(SERIALIZER.toBinary(SERIALIZER.fromBinary(once, manifest)))
                        .isEqualTo(once);
            } catch (NotSerializableException e) {
                throw new AssertionError("what was written cannot be read", e);
            }
        });
    }
}
