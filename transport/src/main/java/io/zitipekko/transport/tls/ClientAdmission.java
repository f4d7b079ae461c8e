package io.zitipekko.transport.tls;

import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.UntrustedPeerException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A listener's view of client certificates: TLS proves the leaf's key, the protocol's {@code admit} says whether to go on.
 * Accepts no issuers by name, so that the list in CertificateRequest is empty and clients present what they have
 * (protocol/01 section 2).
 */
final class ClientAdmission extends X509ExtendedTrustManager {
    private final Predicate<PresentedCertificates> admit;

    ClientAdmission(Predicate<PresentedCertificates> admit) {
        this.admit = admit;
    }

    private void judge(X509Certificate[] chain) throws CertificateException {
        PresentedCertificates presented = new PresentedCertificates(List.of(chain));
        try {
            LeafVerifier.checkBounds(presented);
        } catch (UntrustedPeerException e) {
            throw new CertificateException(e.getMessage(), e);
        }
        boolean admitted;
        try {
            admitted = admit.test(presented);
        } catch (RuntimeException e) {
            throw new CertificateException("client certificate could not be judged: " + e.getMessage(), e);
        }
        if (!admitted) {
            throw new CertificateException("client certificate '" + chain[0].getSubjectX500Principal() + "' refused");
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("a listener trusts no server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("a listener trusts no server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a listener trusts no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
