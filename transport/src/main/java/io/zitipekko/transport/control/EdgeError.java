package io.zitipekko.transport.control;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;

/**
 * 20002: the refusal of an edge request on the control connection (protocol/03 section 1). Its body is plain text.
 *
 * @param circuitId empty unless a circuit object existed
 */
public record EdgeError(EdgeErrorCode code, RetryHint retryHint, String text, String circuitId) {
    public static EdgeError of(EdgeErrorCode code, RetryHint retryHint, String text) {
        return new EdgeError(code, retryHint, text, "");
    }

    /** An error without a code, as old peers send it, is an internal one. */
    public static EdgeError from(Message message) {
        Headers h = message.headers();
        return new EdgeError(
                EdgeErrorCode.of(h.int32(ControlHeader.ERROR_CODE).orElse(EdgeErrorCode.INTERNAL.code())),
                RetryHint.of(h.int32(ControlHeader.RETRY_HINT).orElse(RetryHint.DEFAULT.code())),
                message.bodyText(),
                h.string(ControlHeader.ERROR_CIRCUIT_ID).orElse(""));
    }

    public Message toMessage() {
        Headers.Builder headers = Headers.builder()
                .int32(ControlHeader.ERROR_CODE, code.code())
                .int32(ControlHeader.RETRY_HINT, retryHint.code());
        if (!circuitId.isEmpty()) {
            headers.string(ControlHeader.ERROR_CIRCUIT_ID, circuitId);
        }
        return Message.of(ControlContentType.ERROR, headers.build(), text);
    }
}
