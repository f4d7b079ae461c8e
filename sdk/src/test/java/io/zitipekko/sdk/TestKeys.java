package io.zitipekko.sdk;

import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.ServerChain;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** One authority and what it issued: a server for localhost, a client. */
final class TestKeys {
    private static final Duration DAY = Duration.ofDays(1);

    final CertificateAuthority authority = CertificateAuthority.selfSignedRoot(
            CertificateSubject.commonName("root"), KeyPairs.p256(), "test.domain", DAY);
    final KeyPair serverKeys = KeyPairs.p256();
    final X509Certificate serverLeaf = authority.issueServer(
            CertificateSubject.of(
                    "server",
                    serverKeys.getPublic(),
                    AlternativeNames.hosts(List.of("localhost"), List.of("127.0.0.1"))),
            DAY);
    final KeyPair clientKeys = KeyPairs.p256();
    final X509Certificate clientLeaf = authority.issueClient(
            CertificateSubject.of("client-id", clientKeys.getPublic(), AlternativeNames.NONE), DAY);

    Identity server() {
        return Identity.of(
                List.of(serverLeaf),
                serverKeys.getPrivate(),
                List.of(new ServerChain(List.of(serverLeaf), serverKeys.getPrivate())),
                TrustAnchors.of(authority.chain()));
    }

    ZitiIdentityFile clientFile(URI controller) {
        return new ZitiIdentityFile(
                List.of(controller),
                List.of(),
                "pem:" + Pem.write(clientLeaf),
                "pem:" + Pem.write(clientKeys.getPrivate()),
                "pem:" + Pem.write(authority.chain()));
    }

    /** What an HTTPS server needs. */
    SSLContext serverContext() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", serverKeys.getPrivate(), new char[0], new Certificate[] {serverLeaf});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
