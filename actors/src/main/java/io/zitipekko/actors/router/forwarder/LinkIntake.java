package io.zitipekko.actors.router.forwarder;

import io.zitipekko.transport.channel.Message;

/** Where a link hands in what arrives over it. May be called by several underlays at once. */
public final class LinkIntake {
    private final LinkPort link;
    private final Transit transit;

    LinkIntake(LinkPort link, Transit transit) {
        this.link = link;
        this.transit = transit;
    }

    /** Forwards a message of type 1100, 1101 or 1102; anything else, and anything malformed, is counted and dropped. */
    public void receive(Message message) {
        transit.forward(link.address(), message);
    }

    /** The link is closed: what is held is dropped. */
    public void close() {
        transit.close();
    }
}
