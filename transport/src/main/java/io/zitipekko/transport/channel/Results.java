package io.zitipekko.transport.channel;

/** The general answer, content type 2 (protocol/01 section 8). */
public final class Results {
    /** Value of {@link ChannelHeaders#RESULT_ERROR_CLASS}: the node is too busy now. */
    public static final int BUSY = 1;

    private Results() {}

    public static Message success(String text) {
        return of(true, text);
    }

    public static Message failure(String text) {
        return of(false, text);
    }

    /** A failure that is worth trying again later. */
    public static Message busy(String text) {
        Message failure = of(false, text);
        return failure.withHeaders(failure.headers().toBuilder()
                .int32(ChannelHeaders.RESULT_ERROR_CLASS, BUSY)
                .build());
    }

    /** Whether the message is a Result that says success. */
    public static boolean isSuccess(Message message) {
        return message.contentType() == ContentTypes.RESULT && message.headers().bool(ChannelHeaders.RESULT_SUCCESS);
    }

    public static boolean isBusy(Message message) {
        return message.contentType() == ContentTypes.RESULT
                && message.headers().int32(ChannelHeaders.RESULT_ERROR_CLASS).orElse(0) == BUSY;
    }

    private static Message of(boolean success, String text) {
        return Message.of(
                ContentTypes.RESULT,
                Headers.builder().bool(ChannelHeaders.RESULT_SUCCESS, success).build(),
                text);
    }
}
