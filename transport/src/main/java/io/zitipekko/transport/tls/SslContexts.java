package io.zitipekko.transport.tls;

import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.TrustAnchors;
import javax.net.ssl.SSLContext;

/** SSL contexts for code that speaks TLS through the JDK, e.g. {@code java.net.http.HttpClient}. Host names are that code's to check. */
public final class SslContexts {
    private SslContexts() {}

    /** Presents the identity's client chain and trusts its anchors (the system's roots when it has none). */
    public static SSLContext client(Identity identity) {
        throw new UnsupportedOperationException();
    }

    /** Presents nothing and trusts these anchors. */
    public static SSLContext anonymousClient(TrustAnchors anchors) {
        throw new UnsupportedOperationException();
    }
}
