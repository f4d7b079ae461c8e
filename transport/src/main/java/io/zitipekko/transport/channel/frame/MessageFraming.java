package io.zitipekko.transport.channel.frame;

import io.zitipekko.transport.channel.Message;
import org.apache.pekko.util.ByteString;

/**
 * The frame of version 2 (protocol/01 section 4), all numbers little-endian:
 *
 * <pre>
 * | marker 03 06 09 0c | content type | sequence | headers length H | body length B | H bytes | B bytes |
 *   4                    4              4          4                  4
 * </pre>
 */
public final class MessageFraming {
    /** The only version spoken here. */
    public static final int VERSION = 2;

    static final int MARKER = 0x0c090603;
    static final int UNKNOWN_VERSION_MARKER = 0x0a090603;
    static final int PREFIX = 20;
    static final int MAX_VERSIONS = 64;

    private static final ByteString UNKNOWN_VERSION_REPLY =
            ByteString.fromArray(new byte[] {3, 6, 9, 10, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0});

    private MessageFraming() {}

    /** What a listener sends to a peer whose first bytes are no marker of its own, before it closes: the list of peers, 1 and 2. */
    public static ByteString unknownVersionReply() {
        return UNKNOWN_VERSION_REPLY;
    }

    /** One frame; for many at once there is {@link FrameBatch}. */
    public static ByteString encode(Message message, int sequence) {
        FrameBatch batch = new FrameBatch();
        batch.add(message, sequence, null);
        return batch.take();
    }
}
