package io.zitipekko.transport.tls;

import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.ServerChain;
import io.zitipekko.transport.identity.TrustAnchors;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * Engines of the JDK, set up for one connection each. Every engine has a context of its own: contexts are what TLS sessions
 * are resumed from, and a resumed session would skip the check of the peer's certificate (protocol/01 section 13, S9).
 */
final class SslEngines {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    /** In order of preference: AES-128 is the fastest on every processor with AES instructions, ChaCha the slowest on JDK 17. */
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String[] SUPPORTED_SUITES = supportedSuites();

    /** Beyond the longest life of a ticket, at which the JDK sends none: nobody could use one. */
    private static final int NO_TICKETS_SECONDS = 604_801;

    private SslEngines() {}

    /** A server's engine that answers exactly one protocol, or none for {@link TlsServerProtocol#NO_ALPN}. */
    static SSLEngine server(TlsServerProtocol protocol, String alpn, ServerChain chain) {
        SSLContext context =
                SslContexts.create(new OwnKey(chain.chain(), chain.key()), new ClientAdmission(protocol.admit()));
        context.getServerSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(alpn.isEmpty() ? List.of() : List.of(alpn));
        switch (protocol.clientAuth()) {
            case NONE -> parameters.setNeedClientAuth(false);
            case REQUEST -> parameters.setWantClientAuth(true);
            case REQUIRE -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** A client's engine: presents the identity's client chain and checks the server for this host. */
    static SSLEngine client(Identity identity, String host, int port, List<String> alpn) {
        TrustAnchors anchors = identity.anchors();
        boolean systemRoots = anchors.isEmpty();
        TrustManager trust =
                systemRoots ? SslContexts.systemTrust() : new ServerVerification(anchors, Clock.systemUTC());
        SSLContext context = SslContexts.create(new OwnKey(identity.clientChain(), identity.clientKey()), trust);
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(alpn);
        if (systemRoots) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (CertificateNames.literalAddress(host) == null) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLParameters parameters(List<String> alpn) {
        SSLParameters parameters = new SSLParameters(SUPPORTED_SUITES.clone(), VERSIONS.clone());
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(alpn.toArray(new String[0]));
        return parameters;
    }

    private static String[] supportedSuites() {
        Set<String> supported = new HashSet<>(
                Arrays.asList(SslContexts.plain().getSupportedSSLParameters().getCipherSuites()));
        List<String> usable = new ArrayList<>(SUITES);
        usable.retainAll(supported);
        return usable.toArray(new String[0]);
    }
}
