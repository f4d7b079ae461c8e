package io.zitipekko.actors.router.link;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.tls.TlsPeer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** A link's channel that takes everything and tells its handler when it is closed. */
final class FakeChannel implements Channel {
    private final CompletableFuture<Done> closed = new CompletableFuture<>();
    private final LinkHandler handler;
    volatile String reason = "";
    volatile int resumed;

    private final TlsPeer peer;

    FakeChannel(LinkHandler handler) {
        this(handler, nobody());
    }

    FakeChannel(LinkHandler handler, TlsPeer peer) {
        this.handler = handler;
        this.peer = peer;
    }

    private static TlsPeer nobody() {
        InetSocketAddress here = InetSocketAddress.createUnresolved("here", 1);
        return new TlsPeer(here, here, "ziti-link", PresentedCertificates.NONE);
    }

    @Override
    public String connectionId() {
        return "connection";
    }

    @Override
    public Message handshake() {
        return Message.of(0, Headers.EMPTY, "");
    }

    @Override
    public TlsPeer peer() {
        return peer;
    }

    @Override
    public List<UnderlayInfo> underlays() {
        return List.of(new UnderlayInfo(1, "link.default", peer()));
    }

    @Override
    public boolean send(Lane lane, Message message) {
        return true;
    }

    @Override
    public boolean offer(Lane lane, Message message) {
        return true;
    }

    @Override
    public boolean offer(Lane lane, Message message, Runnable taken) {
        return true;
    }

    @Override
    public void whenWritable(Lane lane, Runnable once) {
        once.run();
    }

    @Override
    public CompletionStage<Message> request(Lane lane, Message message, Duration timeout) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("links ask nothing"));
    }

    @Override
    public boolean reply(Lane lane, Message request, Message answer) {
        return true;
    }

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {
        resumed++;
    }

    @Override
    public boolean isPaused() {
        return false;
    }

    @Override
    public void close(String why) {
        if (closed.complete(Done.getInstance())) {
            reason = why;
            handler.onClosed(why);
        }
    }

    @Override
    public boolean isClosed() {
        return closed.isDone();
    }

    @Override
    public CompletionStage<Done> closed() {
        return closed;
    }
}
