package io.zitipekko.interop;

import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.actors.router.forwarder.LinkPort;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.XgressAddress;
import io.zitipekko.transport.xgress.XgressContentType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Sits before one router's link and keeps the bodies of the payloads that the router sends over it. */
final class LinkTap implements LinkPort, AutoCloseable {
    private final Forwarder forwarder;
    private final LinkPort link;
    private final ByteArrayOutputStream bodies = new ByteArrayOutputStream();

    private LinkTap(Forwarder forwarder, LinkPort link) {
        this.forwarder = forwarder;
        this.link = link;
    }

    static LinkTap on(Forwarder forwarder, String linkId) {
        LinkPort link =
                (LinkPort) forwarder.destination(new XgressAddress(linkId)).orElseThrow();
        LinkTap tap = new LinkTap(forwarder, link);
        forwarder.addLink(tap);
        return tap;
    }

    @Override
    public XgressAddress address() {
        return link.address();
    }

    @Override
    public boolean offer(Message message) {
        boolean taken = link.offer(message);
        if (taken && message.contentType() == XgressContentType.PAYLOAD) {
            bodies.writeBytes(message.body().toArrayUnsafe());
        }
        return taken;
    }

    @Override
    public void whenWritable(Runnable once) {
        link.whenWritable(once);
    }

    @Override
    public void pauseReading() {
        link.pauseReading();
    }

    @Override
    public void resumeReading() {
        link.resumeReading();
    }

    /** How many bytes of payloads passed. */
    int bytes() {
        return bodies.size();
    }

    boolean saw(String text) {
        return bodies.toString(StandardCharsets.ISO_8859_1).contains(text);
    }

    /** Takes itself away. */
    @Override
    public void close() {
        forwarder.addLink(link);
    }
}
