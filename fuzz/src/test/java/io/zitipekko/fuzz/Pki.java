package io.zitipekko.fuzz;

import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/** A small PKI, made once for each process: genuine certificates to begin from. */
public final class Pki {
    private static final Duration VALIDITY = Duration.ofDays(10);

    public static final CertificateAuthority ROOT = CertificateAuthority.selfSignedRoot(
            CertificateSubject.commonName("root"), KeyPairs.p256(), "fuzz", VALIDITY);
    public static final CertificateAuthority INTERMEDIATE =
            ROOT.issueIntermediate(CertificateSubject.commonName("intermediate"), KeyPairs.p256(), "fuzz", 0, VALIDITY);
    public static final KeyPair LEAF_KEYS = KeyPairs.p256();
    public static final X509Certificate LEAF = INTERMEDIATE.issueNode(
            CertificateSubject.of(
                    "leaf",
                    LEAF_KEYS.getPublic(),
                    new AlternativeNames(
                            List.of("leaf.example.net"),
                            List.of("10.1.2.3", "::1"),
                            List.of(SpiffeId.controller("fuzz", "ctrl1").toString()),
                            List.of("ops@example.net"))),
            VALIDITY);

    private Pki() {}
}
