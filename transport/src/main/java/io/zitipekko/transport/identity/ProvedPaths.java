package io.zitipekko.transport.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link LeafVerifier#verifyIgnoringLeafDates} for peers that come again and again: that a chain led to one of these anchors is found out
 * once, since checking its signatures costs a millisecond. What it rests on is all in the key, or is looked at each time:
 *
 * <ul>
 *   <li>the certificates, by SHA-256 over all that was presented, in its order;
 *   <li>the anchors: these, for as long as this object lives;
 *   <li>the dates of the issuers on the path, anchor included, which may pass.
 * </ul>
 *
 * <p>Refusals are not remembered. Whether the peer is known, may log in, or has a certificate that is still valid is nobody's business
 * here. Thread-safe.
 */
public final class ProvedPaths {
    private static final int REMEMBERED = 10_000;

    private final TrustAnchors anchors;
    private final Map<String, CertificatePath.Validity> proved;

    public ProvedPaths(TrustAnchors anchors) {
        this(anchors, REMEMBERED);
    }

    ProvedPaths(TrustAnchors anchors, int remembered) {
        this.anchors = anchors;
        this.proved = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, CertificatePath.Validity> eldest) {
                return size() > remembered;
            }
        };
    }

    /** @throws UntrustedPeerException as {@link LeafVerifier#verifyIgnoringLeafDates} */
    public PeerIdentity verifyIgnoringLeafDates(PresentedCertificates presented, Instant now)
            throws UntrustedPeerException {
        String key = digest(presented.chain());
        CertificatePath.Validity known = get(key);
        if (known != null && known.holdsAt(now)) {
            return LeafVerifier.proved(presented);
        }
        CertificatePath.Validity issuers = CertificatePath.check(presented, anchors, List.of(), now, false);
        PeerIdentity peer = LeafVerifier.proved(presented);
        put(key, issuers);
        return peer;
    }

    private CertificatePath.@Nullable Validity get(String key) {
        synchronized (proved) {
            return proved.get(key);
        }
    }

    private void put(String key, CertificatePath.Validity validity) {
        synchronized (proved) {
            proved.put(key, validity);
        }
    }

    int remembered() {
        synchronized (proved) {
            return proved.size();
        }
    }

    /** Certificates are self-delimiting (DER), so one after the other can be read in one way only. */
    private static String digest(List<X509Certificate> chain) throws UntrustedPeerException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (X509Certificate certificate : chain) {
                sha256.update(certificate.getEncoded());
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (CertificateEncodingException e) {
            throw new UntrustedPeerException("a certificate that cannot be encoded: " + e.getMessage());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
