package io.zitipekko.transport.tls;

import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.TrustAnchors;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Clock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * SSL contexts for code that speaks TLS through the JDK, e.g. {@code java.net.http.HttpClient}. Server chain and host name are
 * checked for every connection, whatever that code asks for; where JSSE does not know the host, the connection is refused.
 */
public final class SslContexts {
    private static final SecureRandom RANDOM = new SecureRandom();

    private SslContexts() {}

    /** Presents the identity's client chain and trusts its anchors (the system's roots when it has none). */
    public static SSLContext client(Identity identity) {
        return create(new OwnKey(identity.clientChain(), identity.clientKey()), trust(identity.anchors()));
    }

    /** Presents nothing and trusts these anchors (the system's roots when there are none). */
    public static SSLContext anonymousClient(TrustAnchors anchors) {
        return create(null, trust(anchors));
    }

    private static TrustManager trust(TrustAnchors anchors) {
        return anchors.isEmpty() ? systemTrust() : new ServerVerification(anchors, Clock.systemUTC());
    }

    static SSLContext create(@Nullable KeyManager own, TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : new KeyManager[] {own}, new TrustManager[] {trust}, RANDOM);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** A context without keys, to ask what the JDK supports. */
    static SSLContext plain() {
        return create(null, new ServerVerification(TrustAnchors.none(), Clock.systemUTC()));
    }

    /** The JDK's own check against its own roots; checks host names only where its user asks for that, as HttpClient does. */
    static X509ExtendedTrustManager systemTrust() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the system's trusted roots cannot be read", e);
        }
        throw new IllegalStateException("this JDK has no X.509 trust manager");
    }
}
