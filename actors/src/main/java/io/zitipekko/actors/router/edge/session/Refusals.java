package io.zitipekko.actors.router.edge.session;

import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.edge.StructuredError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The refusals of Connect, Bind and their like, with OpenZiti's own codes and texts (protocol/02 sections 8.3 and 9.2). */
public final class Refusals {
    private Refusals() {}

    /** A refusal that is only a text. */
    public static Message refused(@Nullable Integer connId, String text) {
        return Message.of(EdgeContentType.STATE_CLOSED, base(connId).build(), text);
    }

    /** A classified refusal. */
    public static Message refused(@Nullable Integer connId, EdgeErrorCode code, RetryHint hint, String text) {
        return refused(connId, StructuredError.of(code, hint, text), text, "");
    }

    /**
     * A classified refusal whose body differs from its message.
     *
     * @param circuitId of the circuit that existed already, or empty
     */
    public static Message refused(@Nullable Integer connId, StructuredError error, String body, String circuitId) {
        Headers.Builder headers = base(connId)
                .int32(EdgeHeader.ERROR_CODE, error.code().code())
                .string(EdgeHeader.STRUCTURED_ERROR, error.toJson());
        if (!circuitId.isEmpty()) {
            headers.string(EdgeHeader.CIRCUIT_ID, circuitId);
        }
        return Message.of(EdgeContentType.STATE_CLOSED, headers.build(), body);
    }

    /** No policy, or none whose posture checks pass. */
    public static Message denied(int connId, RouterDataModel.Access access) {
        if (access instanceof RouterDataModel.Access.IfPostured postured) {
            List<String> checks = postured.checksOfPolicies().stream()
                    .flatMap(policy -> policy.stream().map(check -> check.value()))
                    .distinct()
                    .sorted()
                    .toList();
            String text = "posture checks failed";
            return refused(
                    connId,
                    new StructuredError(text, EdgeErrorCode.POSTURE_CHECK_FAILED, RetryHint.DEFAULT, checks),
                    text,
                    "");
        }
        return refused(connId, EdgeErrorCode.ACCESS_DENIED, RetryHint.DEFAULT, "no policies provide access");
    }

    private static Headers.Builder base(@Nullable Integer connId) {
        Headers.Builder headers = Headers.builder();
        if (connId != null) {
            headers.int32(EdgeHeader.CONN_ID, connId).int32(EdgeHeader.SEQ, 1);
        }
        return headers;
    }
}
