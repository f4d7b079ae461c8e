package io.zitipekko.actors.log.artery;

import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.PeerIdentity;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.identity.UntrustedPeerException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Admits controllers of one trust domain. Says why it refused, once in a while: Artery itself only tells of resets. */
final class ControllersOnly extends X509ExtendedTrustManager {
    private static final Logger LOG = LoggerFactory.getLogger(ControllersOnly.class);
    private static final String CONTROLLER_PATH = "/controller/";
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final Supplier<Identity> identity;
    private final String trustDomain;
    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

    ControllersOnly(Supplier<Identity> identity, String trustDomain) {
        this.identity = identity;
        this.trustDomain = trustDomain;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        try {
            PeerIdentity peer = LeafVerifier.verify(
                    new PresentedCertificates(List.of(chain)), identity.get().anchors(), Instant.now());
            if (peer.spiffeId().filter(this::isController).isEmpty()) {
                throw new CertificateException("certificate '" + peer.leaf().getSubjectX500Principal() + "' names "
                        + peer.spiffeId().map(SpiffeId::toString).orElse("no SPIFFE id") + " (expected: spiffe://"
                        + trustDomain
                        + CONTROLLER_PATH + "…)");
            }
        } catch (UntrustedPeerException e) {
            throw refused(new CertificateException(e.getMessage(), e));
        } catch (CertificateException e) {
            throw refused(e);
        }
    }

    private boolean isController(SpiffeId id) {
        return id.trustDomain().equals(trustDomain)
                && id.path().startsWith(CONTROLLER_PATH)
                && id.path().length() > CONTROLLER_PATH.length();
    }

    private CertificateException refused(CertificateException reason) {
        long now = System.nanoTime();
        long next = nextWarning.get();
        if (now - next >= 0 && nextWarning.compareAndSet(next, now + QUIET.toNanos())) {
            LOG.warn("cluster port refused a peer: {}", reason.getMessage());
        }
        return reason;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return identity.get().anchors().certificates().toArray(X509Certificate[]::new);
    }
}
