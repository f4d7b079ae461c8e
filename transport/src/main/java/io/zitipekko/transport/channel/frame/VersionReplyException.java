package io.zitipekko.transport.channel.frame;

import java.util.List;

/** The listener does not know our version of framing, and says which it speaks. */
public final class VersionReplyException extends FramingException {
    private static final long serialVersionUID = 1L;

    private final transient List<Integer> versions;

    VersionReplyException(List<Integer> versions) {
        super("the listener does not speak our framing version (its versions: " + versions + ", ours: 2)");
        this.versions = versions;
    }

    public List<Integer> versions() {
        return versions;
    }
}
