package io.zitipekko.transport.channel.underlay;

import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.ContentTypes;
import io.zitipekko.transport.channel.HandshakeException;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.channel.frame.FrameDecoder;
import io.zitipekko.transport.channel.frame.FrameLimits;
import io.zitipekko.transport.channel.frame.MessageFraming;
import io.zitipekko.transport.channel.group.Underlay;
import io.zitipekko.transport.channel.group.UnderlayGroup;
import io.zitipekko.transport.tls.TlsPeer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The dialer's side of a Hello (protocol/01 section 6.4): sends it, demands a Result that answers it and says success. */
final class DialingHandshake implements HelloHandshake {
    private static final int HELLO_SEQUENCE = -1;

    /** What becomes of the underlay. */
    interface Target {
        /** The Result said success; as {@link HelloHandshake.Attach}. */
        @Nullable
        UnderlayGroup attach(Underlay underlay, Message result, TlsPeer peer);

        /** The underlay came to nothing; may be told more than once, and after {@link #attach}. */
        void failed(Throwable cause);
    }

    private final Message hello;
    private final String type;
    private final CompletionStage<TlsPeer> peer;
    private final Target target;

    /**
     * @param hello with all its headers
     * @param type of the underlay, as in the Hello's header 7
     * @param peer completes with the TLS handshake
     */
    DialingHandshake(Message hello, String type, CompletionStage<TlsPeer> peer, Target target) {
        this.hello = hello;
        this.type = type;
        this.peer = peer;
        this.target = target;
    }

    @Override
    public ByteString opening() {
        return MessageFraming.encode(hello, HELLO_SEQUENCE);
    }

    @Override
    public FrameDecoder decoder() {
        return FrameDecoder.forDialer(FrameLimits.RESULT);
    }

    @Override
    public ByteString answerToUnknownVersion() {
        return ByteString.emptyByteString();
    }

    @Override
    public CompletionStage<Outcome> onFirst(Message first) {
        Headers headers = first.headers();
        if (first.contentType() != ContentTypes.RESULT) {
            return refuse("the hello was answered with type " + first.contentType() + " (expected: 2, Result)");
        }
        int answered = headers.int32(ChannelHeaders.REPLY_FOR).orElse(HELLO_SEQUENCE);
        if (answered != HELLO_SEQUENCE) {
            return refuse("the hello was answered with a Result for sequence " + answered + " (expected: -1)");
        }
        if (!headers.bool(ChannelHeaders.RESULT_SUCCESS)) {
            return refuse("the listener refuses: " + first.bodyText());
        }
        return peer.thenApply(known -> new Outcome.Open(
                ByteString.emptyByteString(),
                new UnderlayInfo(UnderlayIds.next(), type, known),
                underlay -> target.attach(underlay, first, known)));
    }

    @Override
    public void failed(Throwable cause) {
        // Why TCP or TLS failed says more than that the stream ended; both come at about the same time.
        CompletionStage<TlsPeer> transport = peer.toCompletableFuture().copy().orTimeout(1, TimeUnit.SECONDS);
        transport.whenComplete((known, failure) ->
                target.failed(failure == null || failure instanceof TimeoutException ? cause : unwrapped(failure)));
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static CompletionStage<Outcome> refuse(String reason) {
        return CompletableFuture.failedFuture(new HandshakeException(reason));
    }
}
