package io.zitipekko.transport.secret;

import java.util.Arrays;

/** The two keys that one side of a connection uses: what it receives with and what it sends with. Wiped by {@link #close}. */
public final class SessionKeys implements AutoCloseable {
    private final byte[] receive;
    private final byte[] send;
    private boolean wiped;

    SessionKeys(byte[] receive, byte[] send) {
        this.receive = receive;
        this.send = send;
    }

    /** The key for {@link SecretStream.Decryptor}; the array itself. */
    byte[] receive() {
        return checked(receive);
    }

    /** The key for {@link SecretStream.Encryptor}; the array itself. */
    byte[] send() {
        return checked(send);
    }

    private byte[] checked(byte[] key) {
        if (wiped) {
            throw new IllegalStateException("the session keys are wiped: they serve one connection");
        }
        return key;
    }

    @Override
    public void close() {
        wiped = true;
        Arrays.fill(receive, (byte) 0);
        Arrays.fill(send, (byte) 0);
    }

    @Override
    public String toString() {
        return "SessionKeys[hidden]";
    }
}
