package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.router.RefusalReporter;
import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelAcceptor;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.channel.HelloAnswer;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.control.Capabilities;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.tls.TlsPeer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Accepts SDK channels: every Hello with a certificate is answered first and judged after (protocol/02 sections 4.2 and 4.3). Nothing is
 * read from a channel until it is known whose it is.
 */
final class EdgeAcceptor implements ChannelAcceptor {
    /** What we do of what routers can do; the rest an SDK must not try. */
    private static final Headers CAPABILITIES = Headers.builder()
            .bool(EdgeHeader.SUPPORTS_BIND_SUCCESS, true)
            .bool(EdgeHeader.SUPPORTS_POSTURE_CHECKS, true)
            .mask(
                    EdgeHeader.ROUTER_CAPABILITIES,
                    Capabilities.mask(
                            Capabilities.ROUTER_MULTI_CHANNEL,
                            Capabilities.ROUTER_BIND_SUCCESS,
                            Capabilities.ROUTER_DATA_MODEL))
            .build();

    private final EdgeServices services;
    private final SdkAuthenticator authenticator;
    private final Headers resultHeaders;

    private final RouterSettings.EdgeListener settings;

    EdgeAcceptor(EdgeServices services, RouterSettings.EdgeListener settings) {
        this.services = services;
        this.settings = settings;
        this.authenticator = new SdkAuthenticator(services.parts(), settings.lookupApiSessionTimeout());
        this.resultHeaders = CAPABILITIES.toBuilder()
                .string(ChannelHeaders.HELLO_VERSION, services.parts().version())
                .build();
    }

    @Override
    public CompletionStage<HelloAnswer> onHello(Hello hello, TlsPeer peer) {
        Optional<X509Certificate> leaf = peer.certificates().leaf();
        if (leaf.isEmpty()) {
            refused(peer, "nobody known", "no client certificate");
        }
        HelloAnswer answer = leaf.isEmpty()
                ? new HelloAnswer.Drop("no client certificate")
                : new HelloAnswer.Accept(proven(hello, leaf.get()), resultHeaders);
        return CompletableFuture.completedFuture(answer);
    }

    private void refused(TlsPeer peer, String who, String reason) {
        services.parts().refusals().refused(RefusalReporter.Door.EDGE, who, peer.remoteAddress(), "a channel", reason);
    }

    /** Its certificate: proved to be its own, and no more than that. */
    private static String subject(Channel channel) {
        return channel.peer()
                .certificates()
                .leaf()
                .map(leaf -> "certificate " + Fingerprint.of(leaf))
                .orElse("nobody known");
    }

    /** Underlays of one channel must come from the same certificate and show the same token. */
    private static String proven(Hello hello, X509Certificate leaf) {
        String token = hello.headers().string(EdgeHeader.SESSION_TOKEN).orElse("");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return Fingerprint.of(leaf) + " " + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    @Override
    public ChannelHandler onChannel(Channel channel, Hello hello) {
        EdgeConnection connection = new EdgeConnection(channel, services, settings);
        if (channel.underlays().stream().map(UnderlayInfo::type).anyMatch(ChannelKind.EDGE.highType()::equals)) {
            channel.close("its first underlay is " + ChannelKind.EDGE.highType());
            return connection;
        }
        channel.pauseReading();
        authenticator
                .authenticate(hello, channel.peer().certificates())
                .whenCompleteAsync(
                        (session, failure) -> {
                            if (failure != null) {
                                refused(
                                        channel.peer(),
                                        subject(channel),
                                        "authentication failed: " + failure.getMessage());
                                channel.close("authentication failed: " + failure.getMessage());
                            } else if (session.isEmpty()) {
                                String reason = "token unknown, or certificate not of its API session";
                                refused(channel.peer(), subject(channel), reason);
                                channel.close(reason);
                            } else {
                                connection.authenticated(session.get());
                                channel.resumeReading();
                            }
                        },
                        services.parts().executor());
        return connection;
    }
}
