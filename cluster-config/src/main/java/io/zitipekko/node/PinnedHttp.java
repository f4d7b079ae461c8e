package io.zitipekko.node;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * HTTPS before any authority is known: the first answer's leaf is remembered, and everything after it must come from the same leaf. The
 * caller proves that leaf by other means (the signature of an enrolment token) before it trusts what was said. Follows no redirect.
 */
final class PinnedHttp {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int LARGEST_BODY = 4 << 20;

    private final Pin pin = new Pin();
    private final HttpClient http;
    private final String base;

    /** @param base scheme, host and port, e.g. {@code https://controller:1280} */
    PinnedHttp(String base) {
        this.base = base;
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {pin}, new SecureRandom());
            this.http = HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .sslContext(context)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** The certificate that the host presented. */
    X509Certificate leaf() {
        X509Certificate leaf = pin.leaf;
        if (leaf == null) {
            throw new IllegalStateException("nothing was requested yet");
        }
        return leaf;
    }

    /** @throws NodeException when the host cannot be reached */
    HttpResponse<String> send(String method, String path, String contentType, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT);
        if (body.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", contentType).method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.body().length() > LARGEST_BODY) {
                throw new NodeException(base + path + " answers with more than " + LARGEST_BODY + " bytes");
            }
            return answer;
        } catch (IOException e) {
            throw new NodeException("cannot reach " + base + ": " + NodeException.rootMessage(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeException("interrupted", e);
        }
    }

    private static final class Pin extends X509ExtendedTrustManager {
        private volatile @Nullable X509Certificate leaf;

        private void check(X509Certificate[] chain) throws CertificateException {
            X509Certificate known = leaf;
            if (known == null) {
                leaf = chain[0];
            } else if (!known.equals(chain[0])) {
                throw new CertificateException("the host changed its certificate in the middle of the enrolment");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket)
                throws CertificateException {
            throw new CertificateException("only for clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("only for clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("only for clients");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
