package io.zitipekko.transport.identity;

import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** A root, an intermediate below it, and leaves for tests; EC keys, so that making one is quick. */
public final class TestPki {
    public static final Duration YEAR = Duration.ofDays(365);

    public final CertificateAuthority root;
    public final CertificateAuthority intermediate;

    public TestPki(String name) {
        this(name, Instant.now());
    }

    public TestPki(String name, Instant made) {
        Clock clock = Clock.fixed(made, ZoneOffset.UTC);
        root = CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName(name + "-root"), KeyPairs.p256(), name, YEAR.multipliedBy(10), clock);
        intermediate = root.issueIntermediate(
                CertificateSubject.commonName(name + "-intermediate"), KeyPairs.p256(), name, 1, YEAR.multipliedBy(10));
    }

    public TrustAnchors rootOnly() {
        return TrustAnchors.of(List.of(root.certificate()));
    }

    public TrustAnchors intermediateOnly() {
        return TrustAnchors.of(List.of(intermediate.certificate()));
    }

    /** An identity that can dial and listen on localhost, with EC keys. */
    public Identity node(String commonName) {
        return node(commonName, KeyPairs.p256(), List.of("localhost"));
    }

    public Identity node(String commonName, KeyPair keys, List<String> hosts) {
        X509Certificate client = intermediate.issueClient(
                CertificateSubject.of(commonName, keys.getPublic(), AlternativeNames.NONE), YEAR);
        X509Certificate server = intermediate.issueServer(
                CertificateSubject.of(
                        commonName, keys.getPublic(), AlternativeNames.hosts(hosts, List.of("127.0.0.1", "::1"))),
                YEAR);
        return Identity.of(
                intermediate.presented(client),
                keys.getPrivate(),
                List.of(new ServerChain(intermediate.presented(server), keys.getPrivate())),
                rootOnly());
    }
}
