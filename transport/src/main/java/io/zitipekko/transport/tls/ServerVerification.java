package io.zitipekko.transport.tls;

import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.identity.UntrustedPeerException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A dialer's view of server certificates: the leaf chains to an anchor, may serve, and covers the host that was dialed
 * (protocol/01 section 2). Unlike on the listening side, an extended key usage without serverAuth refuses.
 */
final class ServerVerification extends X509ExtendedTrustManager {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_USAGE = "2.5.29.37.0";

    private final TrustAnchors anchors;
    private final Clock clock;

    ServerVerification(TrustAnchors anchors, Clock clock) {
        this.anchors = anchors;
        this.clock = clock;
    }

    private void judge(X509Certificate[] chain, @Nullable String host) throws CertificateException {
        if (host == null) {
            throw new CertificateException("the dialed host is not known, so the server's name cannot be checked");
        }
        try {
            X509Certificate leaf = LeafVerifier.verify(
                            new PresentedCertificates(List.of(chain)), anchors, clock.instant())
                    .leaf();
            if (!mayServe(leaf)) {
                throw new CertificateException("server certificate '" + leaf.getSubjectX500Principal()
                        + "' has an extended key usage without server authentication");
            }
            if (!CertificateNames.covers(leaf, host)) {
                throw new CertificateException("server certificate '" + leaf.getSubjectX500Principal()
                        + "' is not for host '" + host + "' but for " + CertificateNames.hosts(leaf));
            }
        } catch (UntrustedPeerException e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    private static boolean mayServe(X509Certificate leaf) throws CertificateParsingException {
        List<String> usages = leaf.getExtendedKeyUsage();
        return usages == null || usages.contains(SERVER_AUTH) || usages.contains(ANY_USAGE);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge(chain, engine.getPeerHost());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge(chain, socket instanceof SSLSocket ssl ? ssl.getHandshakeSession().getPeerHost() : null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge(chain, null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("a dialer trusts no client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("a dialer trusts no client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a dialer trusts no client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
