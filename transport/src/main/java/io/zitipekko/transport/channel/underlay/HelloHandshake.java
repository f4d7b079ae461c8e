package io.zitipekko.transport.channel.underlay;

import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.channel.frame.FrameDecoder;
import io.zitipekko.transport.channel.group.Underlay;
import io.zitipekko.transport.channel.group.UnderlayGroup;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** One side of the Hello of one underlay (protocol/01 section 6.4). Called on the underlay's thread; good for one underlay. */
public interface HelloHandshake {
    /** Called before anything else; false ends the underlay at once. */
    default boolean begin() {
        return true;
    }

    /** What to write first; empty for the side that waits. */
    ByteString opening();

    /** Reads the peer's first message. */
    FrameDecoder decoder();

    /** What to write when the peer's first bytes are no frame; empty for nothing. */
    ByteString answerToUnknownVersion();

    /** Settles the hello by the peer's first message. Nothing more is read until the stage completes; its failure ends the underlay. */
    CompletionStage<Outcome> onFirst(Message first);

    /** The underlay has ended before the hello was settled. */
    void failed(Throwable cause);

    /** What came of the hello. */
    sealed interface Outcome {
        /**
         * Write this, then go on as an underlay of a channel.
         *
         * @param attach called on the underlay's thread when {@code write} is queued
         */
        record Open(ByteString write, UnderlayInfo info, Attach attach) implements Outcome {}

        /** Write this, if anything, and close; {@code reason} is for our log. */
        record Refuse(ByteString write, String reason) implements Outcome {}
    }

    /** Makes or finds the channel of an underlay and attaches it. */
    @FunctionalInterface
    interface Attach {
        /** The channel that the underlay belongs to now, or {@code null} to close it after what is queued was written. */
        @Nullable
        UnderlayGroup attach(Underlay underlay);
    }
}
