package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.sdk.ZitiContext;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Circuits that come and go leave nothing behind. How many: {@code -Dziti.churn=100000}. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class ChurnTest {
    private static final int CIRCUITS = Integer.getInteger("ziti.churn", 2_000);
    private static final int AT_ONCE = 16;
    private static final ByteString QUESTION = ByteString.fromString("who is there?");

    @Test
    void afterManyCircuitsTheNetworkHoldsWhatItHeldBefore() {
        try (MiniOverlay overlay = MiniOverlay.start()) {
            overlay.hostEcho();
            ZitiContext client = overlay.connect(overlay.client("client"));
            assertThat(churn(overlay, client, CIRCUITS / 4)).isEqualTo(CIRCUITS / 4);
            Baseline before = Baseline.atRest(overlay);

            long answered = churn(overlay, client, CIRCUITS);

            assertThat(answered).as("circuits that answered").isEqualTo(CIRCUITS);
            before.assertReturns(overlay);
        }
    }

    /** Dials, sends, half-closes, reads the echo to its end; so many times. Returns how many got all of theirs. */
    private static long churn(MiniOverlay overlay, ZitiContext client, int circuits) {
        AtomicLong answered = new AtomicLong();
        CompletionStage<Done> all = Source.range(1, circuits)
                .mapAsyncUnordered(AT_ONCE, i -> ask(overlay, client).thenApply(answer -> {
                    if (answer.equals(QUESTION)) {
                        answered.incrementAndGet();
                    }
                    return Done.getInstance();
                }))
                .runWith(Sink.ignore(), overlay.applications());
        all.toCompletableFuture().join();
        return answered.get();
    }

    private static CompletionStage<ByteString> ask(MiniOverlay overlay, ZitiContext client) {
        Pair<CompletionStage<Done>, CompletionStage<ByteString>> run = Source.single(QUESTION)
                .viaMat(client.outgoingConnection(MiniOverlay.ECHO), Keep.right())
                .mapMaterializedValue(connection -> connection.thenApply(c -> Done.getInstance()))
                .toMat(Sink.fold(ByteString.emptyByteString(), ByteString::concat), Keep.both())
                .run(overlay.applications());
        return run.first().thenCompose(connected -> run.second());
    }
}
