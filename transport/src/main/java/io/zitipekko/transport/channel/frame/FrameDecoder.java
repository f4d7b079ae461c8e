package io.zitipekko.transport.channel.frame;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Takes bytes as they come off one connection and gives the messages in them. A body is a slice of the chunk that it came in, or a
 * rope of slices; only headers are copied, once. Lengths are added in 64 bits and checked before anything is kept. Not thread-safe.
 */
public final class FrameDecoder {
    /** Pieces of a body below this are copied together: a rope of crumbs would cost more memory than it carries. */
    private static final int CRUMB = 1024;
    /** A header block is allocated as it arrives, in steps no larger than this at first. */
    private static final int FIRST_HEADER_STEP = 64 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private enum Part {
        PREFIX,
        VERSIONS,
        HEADERS,
        BODY
    }

    private final boolean versionReplies;
    private FrameLimits limits;

    private ByteString chunk = ByteString.emptyByteString();
    private ByteBuffer view = NOTHING;
    private int at;

    private Part part = Part.PREFIX;
    private byte[] partial = new byte[MessageFraming.PREFIX];
    private int partialLength;

    private int contentType;
    private int sequence;
    private int headersLength;
    private int bodyLength;
    private byte @Nullable [] headerBlock;
    private int headersHave;
    private Headers headers = Headers.EMPTY;
    private @Nullable ByteStringBuilder rope;
    private int bodyHave;

    private FrameDecoder(FrameLimits limits, boolean versionReplies) {
        this.limits = limits;
        this.versionReplies = versionReplies;
    }

    /** For the accepting side of a connection. */
    public static FrameDecoder forListener(FrameLimits limits) {
        return new FrameDecoder(limits, false);
    }

    /** For the dialing side, which may meet a {@link VersionReplyException}. */
    public static FrameDecoder forDialer(FrameLimits limits) {
        return new FrameDecoder(limits, true);
    }

    /** Sets what frames from here on may measure. */
    public void limit(FrameLimits newLimits) {
        limits = newLimits;
    }

    /** Adds bytes. All of the earlier ones must have been used up: {@link #next} said {@code null}. */
    public void feed(ByteString bytes) {
        if (remaining() != 0) {
            throw new IllegalStateException(remaining() + " bytes of the last chunk are not decoded yet");
        }
        chunk = bytes;
        view = bytes.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        at = 0;
    }

    /**
     * The next whole message, or {@code null} when more bytes are needed.
     *
     * @throws FramingException when the bytes are no frame; nothing after them can be read
     */
    public @Nullable Message next() throws FramingException {
        if (part == Part.PREFIX) {
            prefix();
        }
        if (part == Part.VERSIONS) {
            versions();
        }
        if (part == Part.HEADERS) {
            headers();
        }
        ByteString body = part == Part.BODY ? body() : null;
        if (body == null) {
            // An idle connection must not keep its last chunk alive.
            chunk = ByteString.emptyByteString();
            view = NOTHING;
            at = 0;
            return null;
        }
        part = Part.PREFIX;
        Message message = Message.received(contentType, sequence, headers, body);
        headers = Headers.EMPTY;
        return message;
    }

    private int remaining() {
        return view.limit() - at;
    }

    private void prefix() throws FramingException {
        if (partialLength == 0 && remaining() >= MessageFraming.PREFIX && view.getInt(at) == MessageFraming.MARKER) {
            begin(view, at);
            at += MessageFraming.PREFIX;
            return;
        }
        collect(MessageFraming.PREFIX);
        if (partialLength < 4) {
            return;
        }
        ByteBuffer have = ByteBuffer.wrap(partial).order(ByteOrder.LITTLE_ENDIAN);
        int marker = have.getInt(0);
        if (marker == MessageFraming.UNKNOWN_VERSION_MARKER && versionReplies) {
            part = Part.VERSIONS;
        } else if (marker != MessageFraming.MARKER) {
            throw new UnknownMarkerException(marker);
        } else if (partialLength == MessageFraming.PREFIX) {
            partialLength = 0;
            begin(have, 0);
        }
    }

    /** Moves bytes into {@link #partial} until it holds {@code wanted}. */
    private void collect(int wanted) {
        int take = Math.min(wanted - partialLength, remaining());
        if (take > 0) {
            view.get(at, partial, partialLength, take);
            at += take;
            partialLength += take;
        }
    }

    private void begin(ByteBuffer in, int from) throws FramingException {
        contentType = in.getInt(from + 4);
        sequence = in.getInt(from + 8);
        long h = Integer.toUnsignedLong(in.getInt(from + 12));
        long b = Integer.toUnsignedLong(in.getInt(from + 16));
        if (h > limits.headers() || b > limits.body() || h + b > limits.total()) {
            throw new FramingException("message of type " + contentType + " with " + h + " bytes of headers and " + b
                    + " of body (limits here: " + limits.headers() + ", " + limits.body() + ", together "
                    + limits.total() + ")");
        }
        headersLength = (int) h;
        bodyLength = (int) b;
        headersHave = 0;
        bodyHave = 0;
        part = Part.HEADERS;
    }

    private void versions() throws FramingException {
        collect(8);
        if (partialLength < 8) {
            return;
        }
        int count = ByteBuffer.wrap(partial).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        if (count < 0 || count > MessageFraming.MAX_VERSIONS) {
            throw new FramingException("version reply with " + Integer.toUnsignedString(count)
                    + " versions (expected: at most " + MessageFraming.MAX_VERSIONS + ")");
        }
        int whole = 8 + 4 * count;
        if (partial.length < whole) {
            partial = Arrays.copyOf(partial, whole);
        }
        collect(whole);
        if (partialLength < whole) {
            return;
        }
        ByteBuffer reply = ByteBuffer.wrap(partial).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> versions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            versions.add(reply.getInt(8 + 4 * i));
        }
        throw new VersionReplyException(versions);
    }

    private void headers() throws FramingException {
        byte[] block = headerBlock == null ? new byte[Math.min(headersLength, FIRST_HEADER_STEP)] : headerBlock;
        int take = Math.min(headersLength - headersHave, remaining());
        if (headersHave + take > block.length) {
            block = Arrays.copyOf(
                    block, (int) Math.min(headersLength, Math.max(2L * block.length, headersHave + take)));
        }
        view.get(at, block, headersHave, take);
        at += take;
        headersHave += take;
        if (headersHave < headersLength) {
            headerBlock = block;
            return;
        }
        headerBlock = null;
        try {
            headers = Headers.ofEncoded(block);
        } catch (IllegalArgumentException e) {
            throw new FramingException("message of type " + contentType + ": " + e.getMessage());
        }
        part = Part.BODY;
    }

    private @Nullable ByteString body() {
        int take = Math.min(bodyLength - bodyHave, remaining());
        if (take == bodyLength) {
            ByteString body = take == 0 ? ByteString.emptyByteString() : chunk.slice(at, at + take);
            at += take;
            return body;
        }
        if (take == 0) {
            return null;
        }
        if (rope == null) {
            rope = ByteString.createBuilder();
        }
        ByteString piece = chunk.slice(at, at + take);
        if (take < CRUMB) {
            rope.putBytes(piece.toArray());
        } else {
            rope.append(piece);
        }
        at += take;
        bodyHave += take;
        if (bodyHave < bodyLength) {
            return null;
        }
        ByteString body = rope.result();
        rope = null;
        return body;
    }
}
