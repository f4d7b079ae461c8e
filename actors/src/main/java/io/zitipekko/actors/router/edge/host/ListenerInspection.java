package io.zitipekko.actors.router.edge.host;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/** Asks an SDK whether a listener still exists (protocol/02 section 9.4). */
public final class ListenerInspection {
    /** What the SDK made of the question. */
    enum Verdict {
        PRESENT,
        ABSENT,
        SILENT
    }

    /** How long one question waits for its answer. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** A silent SDK is asked again about every ten seconds, most of which the question itself has waited. */
    static final Duration PAUSE_AFTER_SILENCE = Duration.ofMillis(100);

    private static final int BIND = 2;
    private static final int FEWEST_QUESTIONS = 3;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private ListenerInspection() {}

    /** Completes with {@link Verdict#PRESENT} or {@link Verdict#ABSENT}; fails when there is no answer. */
    static CompletionStage<Verdict> ask(HostedTerminator t) {
        return t.connection()
                .channel()
                .request(
                        Lane.HIGH,
                        Message.of(
                                EdgeContentType.CONN_INSPECT_REQUEST,
                                Headers.builder()
                                        .int32(EdgeHeader.CONN_ID, t.connId())
                                        .build(),
                                ByteString.emptyByteString()),
                        TIMEOUT)
                .thenApply(ListenerInspection::verdict);
    }

    /** Some older SDKs answer with another type, and with another connection id. */
    private static Verdict verdict(Message answer) {
        boolean right = answer.contentType() == EdgeContentType.CONN_INSPECT_RESPONSE
                || answer.contentType() == EdgeContentType.INSPECT_RESPONSE;
        OptionalInt type = answer.headers().uint8(EdgeHeader.CONN_TYPE);
        return right && type.orElse(0) == BIND ? Verdict.PRESENT : Verdict.ABSENT;
    }

    /** Whether an SDK that keeps silent is to be given up. */
    static boolean isTooLong(int questions, long millis) {
        return questions >= FEWEST_QUESTIONS && millis > LONGEST.toMillis();
    }
}
