package io.zitipekko.sdk.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zitipekko.sdk.ZitiException;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the refusals of routers: StateClosed with text, code and structured error (protocol/02 sections 3.3 and 8.3). */
public final class Refusals {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_TEXT = 1000;

    private Refusals() {}

    /** @param what was asked, e.g. {@code dial of service 'echo' by router 'er1'} */
    public static ZitiException of(String what, Message closed) {
        Optional<JsonNode> structured = structured(closed);
        String text = structured
                .map(s -> s.path("message").asText(""))
                .filter(s -> !s.isEmpty())
                .orElse(text(closed));
        EdgeErrorCode code = code(closed, structured.orElse(null));
        RetryHint hint =
                RetryHint.of(structured.map(s -> s.path("retryHint").asInt(0)).orElse(0));
        return ZitiException.refused(what + " refused: " + (text.isEmpty() ? "no reason given" : text), code, hint);
    }

    /** The text of a StateClosed, shortened. */
    public static String text(Message closed) {
        return closed.body().take(MAX_TEXT).utf8String();
    }

    private static Optional<JsonNode> structured(Message closed) {
        return closed.headers().string(EdgeHeader.STRUCTURED_ERROR).flatMap(text -> {
            try {
                return Optional.ofNullable(JSON.readTree(text));
            } catch (JsonProcessingException e) {
                // The body's text is there all the same.
                return Optional.empty();
            }
        });
    }

    private static @Nullable EdgeErrorCode code(Message closed, @Nullable JsonNode structured) {
        if (structured != null && structured.has("code")) {
            return EdgeErrorCode.of(structured.path("code").asInt());
        }
        return closed.headers().int32(EdgeHeader.ERROR_CODE).isPresent()
                ? EdgeErrorCode.of(closed.headers().int32(EdgeHeader.ERROR_CODE).getAsInt())
                : null;
    }
}
