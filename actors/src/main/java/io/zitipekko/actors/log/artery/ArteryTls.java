package io.zitipekko.actors.log.artery;

import io.zitipekko.transport.identity.Identity;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import scala.Option;

/**
 * TLS of the cluster port: 1.3 only, both sides present the client chain of their identity, and admitted is a leaf that chains to our
 * anchors and names a controller of our trust domain ({@code spiffe://<trust domain>/controller/…}) and nothing else: neither a router
 * nor an identity of the same network gets to say a word. Key material is read at each handshake, so a renewal takes effect at once.
 * (Pekko's interface returns a Scala option, hence that one type.)
 */
public final class ArteryTls implements SSLEngineProvider {
    private static final String PROTOCOL = "TLSv1.3";

    private final SSLContext context;

    private ArteryTls(SSLContext context) {
        this.context = context;
    }

    /**
     * @param identity this controller's
     * @param trustDomain of the network, without {@code spiffe://}
     */
    public static ArteryTls of(Supplier<Identity> identity, String trustDomain) {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(trustDomain, "trustDomain");
        try {
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(
                    new KeyManager[] {new OwnKey(identity)},
                    new TrustManager[] {new ControllersOnly(identity, trustDomain)},
                    null);
            return new ArteryTls(context);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + PROTOCOL, e);
        }
    }

    /** To be handed to the actor system that is created with {@code pekko.remote.artery.transport = tls-tcp}. */
    public static SSLEngineProviderSetup setup(Supplier<Identity> identity, String trustDomain) {
        return SSLEngineProviderSetup.create(system -> of(identity, trustDomain));
    }

    @Override
    public SSLEngine createServerSSLEngine(String hostname, int port) {
        SSLEngine engine = engine(hostname, port);
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return engine;
    }

    @Override
    public SSLEngine createClientSSLEngine(String hostname, int port) {
        SSLEngine engine = engine(hostname, port);
        engine.setUseClientMode(true);
        return engine;
    }

    private SSLEngine engine(String hostname, int port) {
        SSLEngine engine = context.createSSLEngine(hostname, port);
        engine.setEnabledProtocols(new String[] {PROTOCOL});
        return engine;
    }

    /** The handshake has judged the peer already. */
    @Override
    public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
        return Option.empty();
    }

    @Override
    public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
        return Option.empty();
    }
}
