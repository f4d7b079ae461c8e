package io.zitipekko.sdk.enroll;

import io.zitipekko.sdk.ZitiException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trust before there is any: the leaf that the controller presents, for nothing but checking the token's signature with it; and once
 * that was good, an SSL context that takes this very leaf and no other. Host names are checked by the JDK both times.
 */
final class PinnedLeaf {
    private PinnedLeaf() {}

    /** The leaf that is presented at this address. Blocks. */
    static X509Certificate presentedAt(URI address, Duration timeout) {
        AtomicReference<X509Certificate> leaf = new AtomicReference<>();
        int millis = (int) timeout.toMillis();
        int port = address.getPort() < 0 ? 443 : address.getPort();
        try (SSLSocket socket =
                (SSLSocket) context(new Leaf(null, leaf)).getSocketFactory().createSocket()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(millis);
            socket.connect(new InetSocketAddress(address.getHost(), port), millis);
            socket.startHandshake();
        } catch (IOException e) {
            throw new ZitiException(
                    "the controller at " + address.getAuthority() + " cannot be reached: " + e.getMessage(), e);
        }
        return leaf.get();
    }

    /** Trusts this leaf alone. */
    static SSLContext trusting(X509Certificate leaf) {
        return context(new Leaf(leaf, new AtomicReference<>()));
    }

    private static SSLContext context(X509TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** Not an X509ExtendedTrustManager: so the JDK adds its own check of the host name. */
    private static final class Leaf implements X509TrustManager {
        private final @Nullable X509Certificate expected;
        private final AtomicReference<X509Certificate> seen;

        Leaf(@Nullable X509Certificate expected, AtomicReference<X509Certificate> seen) {
            this.expected = expected;
            this.seen = seen;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            if (chain.length == 0) {
                throw new CertificateException("the controller presented no certificate");
            }
            if (expected != null && !expected.equals(chain[0])) {
                throw new CertificateException(
                        "the controller presented another certificate than the one that signed the token");
            }
            seen.set(chain[0]);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
