package io.zitipekko.quickstart;

import io.zitipekko.node.NodeException;
import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.sdk.dial.OutgoingConnection;
import io.zitipekko.sdk.host.ServiceBinding;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Hosts an echo with one identity, dials it with another, and proves that what came back is what was sent. Blocking. */
final class VerifiedExchange {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CHUNK = 32 * 1024;

    private VerifiedExchange() {}

    /**
     * @param connection how the client is connected
     * @param bytes each way
     * @param seconds from the first byte sent to the last one back
     * @param sha256 of what was sent, and, as was checked, of what came back
     */
    record Result(OutgoingConnection connection, long bytes, double seconds, String sha256) {}

    /** Hosts the service as an echo until the system ends. */
    static ServiceBinding host(ActorSystem<?> system, ZitiIdentityFile identity, String service) {
        ZitiContext ziti = await(ZitiContext.connect(system, identity));
        return await(ziti.bind(service)
                .to(Sink.foreach(connection -> connection.handleWith(Flow.create(), system)))
                .run(system));
    }

    /** Dials the service and exchanges {@code bytes} random bytes. */
    static Result exchange(ActorSystem<?> system, ZitiIdentityFile identity, String service, long bytes) {
        ZitiContext ziti = await(ZitiContext.connect(system, identity));
        MessageDigest sent = sha256();
        Random random = new Random();
        Source<ByteString, ?> data = Source.range(1, (int) (bytes / CHUNK)).map(i -> {
            byte[] chunk = new byte[CHUNK];
            random.nextBytes(chunk);
            sent.update(chunk);
            return ByteString.fromArrayUnsafe(chunk);
        });
        long start = System.nanoTime();
        Pair<CompletionStage<OutgoingConnection>, CompletionStage<MessageDigest>> run = data.viaMat(
                        ziti.outgoingConnection(service), Keep.right())
                .toMat(
                        Sink.fold(sha256(), (digest, part) -> {
                            part.getByteBuffers().forEach(digest::update);
                            return digest;
                        }),
                        Keep.both())
                .run(system);
        OutgoingConnection connection = await(run.first());
        String back = HexFormat.of().formatHex(await(run.second()).digest());
        double seconds = (System.nanoTime() - start) / 1e9;
        String there = HexFormat.of().formatHex(sent.digest());
        if (!there.equals(back)) {
            throw new NodeException("the exchange failed: SHA-256 " + there + " was sent, " + back + " came back");
        }
        if (!connection.encrypted()) {
            throw new NodeException("the exchange failed: the connection was not encrypted");
        }
        await(ziti.close());
        return new Result(connection, bytes, seconds, there);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static <T> T await(CompletionStage<T> work) {
        try {
            return work.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new NodeException("the exchange failed: " + NodeException.rootMessage(e), e.getCause());
        } catch (TimeoutException e) {
            throw new NodeException("the exchange failed: nothing for " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeException("interrupted", e);
        }
    }
}
