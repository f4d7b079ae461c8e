package io.zitipekko.interop;

import com.typesafe.config.ConfigFactory;
import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.sdk.dial.OutgoingConnection;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Our SDK as an application uses it, for tests that wait. */
final class OurSdk implements AutoCloseable {
    /** The Java SDK's accepted sockets lose the end of longer messages. */
    private static final int CHUNK = 32 * 1024;

    private static final long PATIENCE_SECONDS = 180;

    private final ActorSystem<Void> system = ActorSystem.create(
            Behaviors.empty(),
            "applications",
            ConfigFactory.load(ConfigFactory.parseResourcesAnySyntax("ziti-router-node")));

    /**
     * What came of one connection.
     *
     * @param connection how the client was connected
     * @param bytes that came back
     * @param sent SHA-256 of what was sent
     * @param received SHA-256 of what came back
     */
    record Exchange(OutgoingConnection connection, long bytes, String sent, String received) {}

    /** Hosts the service as an echo until {@link #close}. */
    void host(ZitiIdentityFile identity, String service) {
        ZitiContext ziti = await(ZitiContext.connect(system, identity));
        await(ziti.bind(service)
                .to(Sink.foreach(connection -> connection.handleWith(Flow.create(), system)))
                .run(system));
    }

    /** Dials the service, sends {@code bytes} random bytes, and reads until the end of the echo. */
    Exchange exchange(ZitiIdentityFile identity, String service, int bytes) {
        ZitiContext ziti = await(ZitiContext.connect(system, identity));
        try {
            MessageDigest sent = sha256();
            Random random = new Random(bytes);
            Source<ByteString, ?> data = Source.range(0, (bytes - 1) / CHUNK).map(i -> {
                byte[] chunk = new byte[Math.min(CHUNK, bytes - i * CHUNK)];
                random.nextBytes(chunk);
                sent.update(chunk);
                return ByteString.fromArrayUnsafe(chunk);
            });
            AtomicLong bytesBack = new AtomicLong();
            Pair<CompletionStage<OutgoingConnection>, CompletionStage<MessageDigest>> run = data.viaMat(
                            ziti.outgoingConnection(service), Keep.right())
                    .toMat(
                            Sink.fold(sha256(), (digest, part) -> {
                                bytesBack.addAndGet(part.size());
                                part.getByteBuffers().forEach(digest::update);
                                return digest;
                            }),
                            Keep.both())
                    .run(system);
            OutgoingConnection connection = await(run.first());
            String received = HexFormat.of().formatHex(await(run.second()).digest());
            return new Exchange(connection, bytesBack.get(), HexFormat.of().formatHex(sent.digest()), received);
        } finally {
            await(ziti.close());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static <T> T await(CompletionStage<T> work) {
        return work.toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        system.terminate();
        await(system.getWhenTerminated());
    }
}
