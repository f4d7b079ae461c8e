package io.zitipekko.transport.channel.frame;

/** A frame does not begin with the marker of version 2. A listener that meets one first answers with the versions it speaks. */
public final class UnknownMarkerException extends FramingException {
    private static final long serialVersionUID = 1L;

    UnknownMarkerException(int marker) {
        super(String.format("frame begins with %08x (expected: 0306090c)", Integer.reverseBytes(marker)));
    }
}
