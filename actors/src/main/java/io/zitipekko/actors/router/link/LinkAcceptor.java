package io.zitipekko.actors.router.link;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.RefusalReporter;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelAcceptor;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.channel.HelloAnswer;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.PeerIdentity;
import io.zitipekko.transport.identity.UntrustedPeerException;
import io.zitipekko.transport.link.LinkHeaders;
import io.zitipekko.transport.tls.TlsPeer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about incoming links (protocol/04 section 1.4). Before the Result, on every underlay: the leaf chains to our authorities and
 * the dialer means us. After it: the leaf is the one that the claimed router was enrolled with, as the controllers know it
 * ({@link RouterVerifier}); nothing is read from the link before that.
 */
public final class LinkAcceptor implements ChannelAcceptor {
    private static final Logger LOG = LoggerFactory.getLogger(LinkAcceptor.class);

    private final RouterId self;
    private final String listenerBinding;
    private final Supplier<Identity> identity;
    private final RouterVerifier verifier;
    private final SplitHalves halves;
    private final ActorRef<LinkRegistry.Command> registry;
    private final RefusalReporter refusals;
    private final InstantSource clock;

    /** @param listenerBinding interface name of the listener, part of link keys */
    public LinkAcceptor(
            RouterId self,
            String listenerBinding,
            Supplier<Identity> identity,
            RouterVerifier verifier,
            ActorRef<LinkRegistry.Command> registry,
            RefusalReporter refusals,
            InstantSource clock) {
        this.self = self;
        this.listenerBinding = listenerBinding;
        this.identity = identity;
        this.verifier = verifier;
        this.halves = new SplitHalves(clock);
        this.registry = registry;
        this.refusals = refusals;
        this.clock = clock;
    }

    @Override
    public CompletionStage<HelloAnswer> onHello(Hello hello, TlsPeer peer) {
        HelloAnswer answer = judge(hello, peer);
        if (answer instanceof HelloAnswer.Drop drop) {
            String claimed = hello.headers().string(LinkHeaders.ROUTER_ID).orElse("");
            refusals.refused(
                    RefusalReporter.Door.LINK,
                    "router '" + claimed + "'",
                    peer.remoteAddress(),
                    "a link",
                    drop.reason());
        }
        return CompletableFuture.completedFuture(answer);
    }

    private HelloAnswer judge(Hello hello, TlsPeer peer) {
        Optional<String> meant = hello.headers().string(LinkHeaders.DIALED_ROUTER_ID);
        if (meant.isPresent() && !meant.get().equals(self.value())) {
            return new HelloAnswer.Drop("the dialer means router " + meant.get() + ", this is " + self);
        }
        Optional<String> claimed = hello.headers().string(LinkHeaders.ROUTER_ID).filter(s -> !s.isBlank());
        if (claimed.isEmpty() || claimed.get().length() > 255) {
            return new HelloAnswer.Drop(
                    "the dialer does not say which router it is (header " + LinkHeaders.ROUTER_ID + ")");
        }
        if (linkId(hello).isBlank() || linkId(hello).length() > 255) {
            return new HelloAnswer.Drop("the dialer gives no usable link id");
        }
        try {
            PeerIdentity who =
                    LeafVerifier.verify(peer.certificates(), identity.get().anchors(), clock.instant());
            return new HelloAnswer.Accept(claimed.get() + " " + who.fingerprint() + " " + linkId(hello), Headers.EMPTY);
        } catch (UntrustedPeerException e) {
            return new HelloAnswer.Drop(e.getMessage());
        }
    }

    @Override
    public ChannelHandler onChannel(Channel channel, Hello hello) {
        channel.pauseReading();
        RouterId claimed =
                new RouterId(hello.headers().string(LinkHeaders.ROUTER_ID).orElseThrow());
        Fingerprint leaf = Fingerprint.of(channel.peer().certificates().leaf().orElseThrow());
        LinkHandler handler = new LinkHandler(
                registry,
                reason -> LOG.info("link {} from {} ended before it was verified: {}", linkId(hello), claimed, reason));
        verifier.verify(claimed, leaf).whenComplete((refusal, failure) -> {
            if (failure != null) {
                refuse(channel, hello, claimed, "it cannot be verified: " + failure.getMessage());
            } else if (refusal.isPresent()) {
                refuse(channel, hello, claimed, refusal.get());
            } else {
                accepted(channel, hello, claimed, handler);
            }
        });
        return handler;
    }

    private void accepted(Channel channel, Hello hello, RouterId remote, LinkHandler handler) {
        LinkKey key = new LinkKey(
                hello.headers().string(LinkHeaders.DIALER_BINDING).orElse(""), "tls", remote, listenerBinding);
        int iteration = hello.headers().int32(LinkHeaders.ITERATION).orElse(0);
        int half = hello.headers().uint8(LinkHeaders.CHANNEL_TYPE).orElse(0);
        if (half == 0) {
            RouterLink link = new RouterLink(linkId(hello), key, iteration, false, "", channel, channel);
            registry.tell(new LinkRegistry.Up(link, java.util.List.of(handler)));
            return;
        }
        String pairing = hello.headers().string(LinkHeaders.CONNECTION_ID).orElse("");
        if (half > 2 || pairing.isEmpty()) {
            refuse(channel, hello, remote, "half " + half + " of a split link without a connection id");
            return;
        }
        halves.add(remote + " " + pairing, new SplitHalves.Half(half == 1, channel, handler))
                .ifPresent(pair -> registry.tell(new LinkRegistry.Up(
                        new RouterLink(
                                linkId(hello),
                                key,
                                iteration,
                                false,
                                "",
                                pair.payloads().channel(),
                                pair.acknowledgements().channel()),
                        java.util.List.of(
                                pair.payloads().handler(),
                                pair.acknowledgements().handler()))));
    }

    private void refuse(Channel channel, Hello hello, RouterId claimed, String why) {
        refusals.refused(
                RefusalReporter.Door.LINK,
                "router '" + claimed + "'",
                channel.peer().remoteAddress(),
                "link " + linkId(hello),
                why);
        channel.close("refused: " + why);
    }

    private static String linkId(Hello hello) {
        return hello.headers()
                .string(LinkHeaders.LINK_ID)
                .filter(s -> !s.isEmpty())
                .orElse(hello.token());
    }
}
