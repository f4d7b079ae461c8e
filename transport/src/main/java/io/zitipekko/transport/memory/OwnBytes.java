package io.zitipekko.transport.memory;

import org.apache.pekko.util.ByteString;

/**
 * What a body keeps in memory while it waits. It is a slice of all that was read with it, up to 64 KiB, which must not stay for the few bytes of
 * one that nobody takes.
 */
public final class OwnBytes {
    /** From here on a body is most of what was read with it, and a copy costs more than it frees. */
    private static final int COPIED_BELOW = 32 << 10;

    private OwnBytes() {}

    /** The same bytes, in memory of their own where that is worth a copy. */
    public static ByteString of(ByteString body) {
        return body.size() < COPIED_BELOW ? body.compact() : body;
    }
}
