package io.zitipekko.bench.floor;

import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.tls.SslContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Plain blocking sockets of the JDK on loopback, with TLS or without: nothing of ours is in their way.
 *
 * @param tls null for plain TCP
 */
record Sockets(@org.jspecify.annotations.Nullable Contexts tls) {
    // What the overlay's own connections agree on.
    private static final String[] PROTOCOL = {"TLSv1.3"};
    private static final String[] SUITE = {"TLS_AES_128_GCM_SHA256"};

    private record Contexts(SSLContext server, SSLContext client) {}

    static Sockets plain() {
        return new Sockets(null);
    }

    /**
     * @param chain certificates of the server, its own first
     * @param key its private key
     */
    static Sockets secured(Path chain, Path key) throws IOException, GeneralSecurityException {
        var certificates = Pem.certificates(Files.readString(chain));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server",
                Pem.privateKey(Files.readString(key)),
                new char[0],
                certificates.toArray(java.security.cert.Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext server = SSLContext.getInstance("TLS");
        server.init(keys.getKeyManagers(), null, null);
        return new Sockets(new Contexts(
                server, SslContexts.anonymousClient(TrustAnchors.of(certificates.subList(1, certificates.size())))));
    }

    /** @param host own address */
    ServerSocket listen(String host) throws IOException {
        InetAddress own = InetAddress.getByName(host);
        if (tls == null) {
            return new ServerSocket(0, 16, own);
        }
        SSLServerSocket socket =
                (SSLServerSocket) tls.server().getServerSocketFactory().createServerSocket(0, 16, own);
        socket.setEnabledProtocols(PROTOCOL);
        socket.setEnabledCipherSuites(SUITE);
        return socket;
    }

    Socket connect(String host, int port) throws IOException {
        Socket socket = tls == null
                ? new Socket(host, port)
                : tls.client().getSocketFactory().createSocket(host, port);
        socket.setTcpNoDelay(true);
        if (socket instanceof SSLSocket secured) {
            secured.setEnabledProtocols(PROTOCOL);
            secured.startHandshake();
        }
        return socket;
    }
}
