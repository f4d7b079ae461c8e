package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.dial.OutgoingConnection;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A connection that sends random bytes to an echo all the time, at a modest rate, and checks by SHA-256 that all of it comes back. */
public final class EchoTraffic {
    private static final int CHUNK = 16 << 10;
    private static final int CHUNKS_PER_SECOND = 128;

    private final AtomicLong received = new AtomicLong();
    private final MessageDigest sentDigest = sha256();
    private final OutgoingConnection connection;
    private final UniqueKillSwitch stop;
    private final CompletionStage<MessageDigest> receivedDigest;

    /** Dials and begins; returns when the host has accepted. */
    public static EchoTraffic start(ActorSystem<?> system, ZitiContext ziti, String service) {
        return new EchoTraffic(system, ziti, service);
    }

    private EchoTraffic(ActorSystem<?> system, ZitiContext ziti, String service) {
        Random random = new Random(service.hashCode());
        Pair<Pair<UniqueKillSwitch, CompletionStage<OutgoingConnection>>, CompletionStage<MessageDigest>> run =
                Source.repeat(CHUNK)
                        .throttle(CHUNKS_PER_SECOND, Duration.ofSeconds(1))
                        .viaMat(KillSwitches.single(), Keep.right())
                        .map(size -> {
                            byte[] chunk = new byte[size];
                            random.nextBytes(chunk);
                            sentDigest.update(chunk);
                            return ByteString.fromArrayUnsafe(chunk);
                        })
                        .viaMat(ziti.outgoingConnection(service), Keep.both())
                        .toMat(
                                Sink.fold(sha256(), (digest, part) -> {
                                    part.getByteBuffers().forEach(digest::update);
                                    received.addAndGet(part.size());
                                    return digest;
                                }),
                                Keep.both())
                        .run(system);
        this.stop = run.first().first();
        this.connection = MiniOverlay.await(run.first().second());
        this.receivedDigest = run.second();
    }

    public OutgoingConnection connection() {
        return connection;
    }

    /** Bytes that came back until now. */
    public long received() {
        return received.get();
    }

    /** Waits until so many bytes more have come back. */
    public void awaitProgress(long bytes) {
        long target = received.get() + bytes;
        await("circuit " + connection.circuitId() + " goes on")
                .atMost(MiniOverlay.PATIENCE)
                .until(() -> received.get() >= target
                        || receivedDigest.toCompletableFuture().isDone());
        assertThat(received.get())
                .as("circuit %s goes on", connection.circuitId())
                .isGreaterThanOrEqualTo(target);
    }

    /** Ends the sending, and fails unless all that was sent came back unchanged. */
    public void stopAndVerify() {
        stop.shutdown();
        String back = HexFormat.of().formatHex(MiniOverlay.await(receivedDigest).digest());
        assertThat(back)
                .as("SHA-256 of %d bytes over circuit %s", received.get(), connection.circuitId())
                .isEqualTo(HexFormat.of().formatHex(sentDigest.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
